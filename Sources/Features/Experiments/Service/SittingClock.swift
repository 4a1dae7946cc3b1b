/// How long a run has been worked on: this sitting of a process and the ones before it, however they ended.
struct SittingClock: Sendable {
    private let before: Duration
    private let began = ContinuousClock.now

    /// - Parameter before: what earlier sittings took.
    init(before: Duration) { self.before = before }

    var elapsed: Duration { before + began.duration(to: .now) }

    /// When the run has been worked on for so long; may be past.
    func reaches(_ limit: Duration) -> ContinuousClock.Instant { began + (limit - before) }
}
