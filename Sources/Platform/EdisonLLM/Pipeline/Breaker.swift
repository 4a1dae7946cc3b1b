/// When a breaker opens and for how long.
package struct BreakerPolicy: Sendable, Hashable {
    /// Seconds of the past that count.
    package var window = 30.0
    /// Calls inside the window below which nothing is concluded.
    package var minimum = 10
    /// The share of failures from which on the breaker opens.
    package var ratio = 0.6
    /// So many failures in a row open it whatever was answered before: a brisk run has hundreds of answers inside the
    /// window when its provider goes down. No more than the tries of one call: it must not use them up before.
    package var row = 6
    /// Seconds for which it stays open before one call may try again.
    package var pause = 5.0
    /// Seconds of nothing but failures after which calls are refused at once instead of waiting for the probe: of a
    /// model that has answered before, and of one that never has, whose address or key is probably wrong.
    package var outage = 120.0
    package var silence = 10.0
    /// Seconds that a call is under way before a person is told that the model is slow.
    package var slow = 30.0

    package init() {}
}

/// Stops calls to a model that keeps failing, and probes it now and then: a pure machine, fed with times.
///
/// What was sent before it opened and comes back later says nothing about now, so only the probe's outcome closes it.
struct Breaker: Sendable {
    enum State: Sendable, Hashable {
        case closed
        case open(until: Double)
        case probing
    }

    enum Permission: Sendable, Hashable {
        case go
        /// The one call that finds out whether the model works again.
        case probe
        case wait(seconds: Double)
    }

    enum Change: Sendable, Hashable {
        /// For so many seconds.
        case opened(Double)
        case closed
    }

    private(set) var state = State.closed
    private var row = 0
    private var recent = RecentCalls()
    private let policy: BreakerPolicy

    init(_ policy: BreakerPolicy = BreakerPolicy()) { self.policy = policy }

    /// Calls and failures inside the window, as of the last report.
    var counts: (calls: Int, failures: Int) { (recent.count, recent.failures) }

    /// Whether a request would have to wait now; asks for nothing.
    func isShut(at now: Double) -> Bool {
        switch state {
        case .closed: false
        case .probing: true
        case .open(let until): now < until
        }
    }

    mutating func request(at now: Double) -> Permission {
        switch state {
        case .closed: return .go
        case .probing: return .wait(seconds: min(0.2, policy.pause))
        case .open(let until):
            if now < until { return .wait(seconds: until - now) }
            state = .probing
            return .probe
        }
    }

    @discardableResult
    mutating func report(failed: Bool, isProbe: Bool, at now: Double) -> Change? {
        if isProbe {
            recent = RecentCalls()
            row = 0
            if failed { return open(at: now) }
            state = .closed
            return .closed
        }
        guard state == .closed else { return nil }
        recent.forget(before: now - policy.window)
        row = failed ? (recent.count == 0 ? 1 : row + 1) : 0
        recent.add(at: now, failed: failed)
        let isMostlyFailing =
            recent.count >= policy.minimum && Double(recent.failures) >= policy.ratio * Double(recent.count)
        guard isMostlyFailing || row >= policy.row else { return nil }
        recent = RecentCalls()
        row = 0
        return open(at: now)
    }

    private mutating func open(at now: Double) -> Change {
        state = .open(until: now + policy.pause)
        return .opened(policy.pause)
    }

    /// The probe brought no verdict: somebody else may try at once.
    mutating func abandonProbe(at now: Double) {
        if state == .probing { state = .open(until: now) }
    }
}

/// The calls of a while, counted as they come and go: thousands of them a second are not looked through for each.
private struct RecentCalls: Sendable {
    private var calls: [(time: Double, failed: Bool)] = []
    /// What stands before it is forgotten, and is let go of now and then.
    private var first = 0
    private(set) var failures = 0

    var count: Int { calls.count - first }

    mutating func add(at time: Double, failed: Bool) {
        calls.append((time, failed))
        failures += failed ? 1 : 0
    }

    mutating func forget(before time: Double) {
        while first < calls.count, calls[first].time < time {
            failures -= calls[first].failed ? 1 : 0
            first += 1
        }
        guard first > calls.count / 2 else { return }
        calls.removeFirst(first)
        first = 0
    }
}

/// A breaker as it stands, for people.
package struct BreakerStatus: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable { case closed, open, probing }

    package let credentialID: String
    package let model: String
    package let state: State
    /// Calls and failures that it counts at present.
    package let calls: Int
    package let failures: Int
}

extension Breaker {
    var status: BreakerStatus.State {
        switch state {
        case .closed: .closed
        case .open: .open
        case .probing: .probing
        }
    }
}
