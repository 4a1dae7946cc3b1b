/// What happens between a run and its providers, for whoever watches it: the terminal, a log.
package enum TrafficEvent: Sendable, Hashable {
    /// A model as people know it: by its name and the provider's name in the file.
    package struct Model: Sendable, Hashable, CustomStringConvertible {
        package let name: String
        package let provider: String

        package init(name: String, provider: String) {
            self.name = name
            self.provider = provider
        }

        package var description: String { "\(name) at \(provider)" }
    }

    /// A request failed; the call may be made again.
    case failed(Model, ProviderFailure.Kind)
    /// Calls with this provider's key wait for its limits.
    case limited(provider: String, seconds: Double)
    /// The model keeps failing: its calls wait, and one of them tries now and then.
    case down(Model, words: String, pause: Double)
    case back(Model, seconds: Double)
    /// It has failed for so long that its calls wait no longer.
    case givenUp(Model, words: String)
    /// An alternative is asked, because the model gave no answer.
    case replaced(Model, by: Model, words: String)
    /// Calls are under way for long; the oldest for so many seconds.
    case slow(Model, calls: Int, seconds: Double)
}
