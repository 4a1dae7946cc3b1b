/// Whether the next iteration of a search begins, under which limits that was decided.
package struct SearchDecision: Hashable, Sendable {
    package let limits: String
    /// The limit whose rest was kept for the test; nil = it begins.
    package let reason: StopReason?

    package init(limits: String, reason: StopReason?) {
        self.limits = limits
        self.reason = reason
    }
}
