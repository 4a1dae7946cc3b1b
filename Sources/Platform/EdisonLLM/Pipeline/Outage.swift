/// How long a model has only failed, and what it said last.
struct Outage: Sendable {
    private(set) var since: Double?
    private(set) var hasAnswered = false
    private(set) var words = ""

    mutating func answered() {
        since = nil
        words = ""
        hasAnswered = true
    }

    mutating func failed(_ failure: ProviderFailure, at now: Double) {
        words = "\(failure)"
        since = since ?? now
    }

    /// It has lasted for so long that waiting is no use.
    ///
    /// - Parameter isKnown: it has answered before this process began.
    func isOver(_ policy: BreakerPolicy, isKnown: Bool, at now: Double) -> Bool {
        since.map { now - $0 > (hasAnswered || isKnown ? policy.outage : policy.silence) } ?? false
    }
}
