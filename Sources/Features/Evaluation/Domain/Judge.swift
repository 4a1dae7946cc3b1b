import EdisonCore
package import EdisonLLM

/// One judge of an ensemble, as configured.
package struct Judge: Hashable, Sendable {
    package enum Mode: String, Sendable, CaseIterable {
        /// Scores one output on every criterion.
        case pointwise
        /// Says which of two outputs of one case is better.
        case pairwise
    }

    /// Unique within an experiment: the model's name, numbered when it stands twice.
    package let name: String
    package let mode: Mode
    /// Which model reference of the experiment speaks.
    package let model: String
    package let thinking: Thinking
    /// The judge's own wording of its instructions; nil = Edison's.
    package let systemPrompt: String?
    package let temperature: Double

    package init(
        name: String, mode: Mode, model: String, thinking: Thinking = .reason, systemPrompt: String? = nil,
        temperature: Double = 0
    ) {
        self.name = name
        self.mode = mode
        self.model = model
        self.thinking = thinking
        self.systemPrompt = systemPrompt
        self.temperature = temperature
    }
}
