/// How a model is asked to think before an answer that the program reads, as a setting of its role. The thinking is
/// kept apart from the answer.
package enum Thinking: String, Sendable, CaseIterable {
    /// The answer at once.
    case direct
    /// A field for reasoning comes first in the answer.
    case reason
    /// The model's own reasoning, of the effort that its parameters set, else `medium`.
    case native
    /// Three independent samples; the answer is what they agree on.
    case selfConsistency = "self-consistency"
    /// Four turns: analyse, propose, criticise, revise.
    case sequential

    /// Calls that one answer takes, corrective attempts left out.
    package var calls: Int {
        switch self {
        case .direct, .reason, .native: 1
        case .selfConsistency: Self.samples
        case .sequential: 4
        }
    }

    /// How many samples are compared.
    package static let samples = 3
    /// Samples at temperature 0 would be one sample: then this is used.
    package static let sampleTemperature = 0.7
}
