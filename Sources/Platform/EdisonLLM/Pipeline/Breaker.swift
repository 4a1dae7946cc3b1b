/// Stops calls to a model that keeps failing, and probes it now and then: a pure machine, fed with times.
///
/// Opens when at least `minimum` of the last calls inside the window were made and `ratio` of them failed; after
/// `pause` one probe may go out; its success closes it.
struct Breaker: Sendable {
    enum State: Sendable, Hashable {
        case closed
        case open(until: Double)
        case probing
    }

    enum Permission: Sendable, Hashable {
        case go
        case wait(seconds: Double)
    }

    private(set) var state = State.closed
    private var recent: [(time: Double, failed: Bool)] = []
    private let window: Double
    private let minimum: Int
    private let ratio: Double
    private let pause: Double

    init(window: Double = 30, minimum: Int = 10, ratio: Double = 0.6, pause: Double = 5) {
        self.window = window
        self.minimum = minimum
        self.ratio = ratio
        self.pause = pause
    }

    mutating func request(at now: Double) -> Permission {
        switch state {
        case .closed: return .go
        case .probing: return .wait(seconds: 0.2)
        case .open(let until):
            if now < until { return .wait(seconds: until - now) }
            state = .probing
            return .go
        }
    }

    mutating func report(failed: Bool, at now: Double) {
        if state == .probing {
            state = failed ? .open(until: now + pause) : .closed
            recent = []
            return
        }
        recent.append((now, failed))
        recent.removeAll { $0.time < now - window }
        let failures = recent.count { $0.failed }
        if recent.count >= minimum, Double(failures) >= ratio * Double(recent.count) {
            state = .open(until: now + pause)
            recent = []
        }
    }

    /// The probe was cancelled: somebody else may try.
    mutating func abandon(at now: Double) {
        if state == .probing { state = .open(until: now) }
    }
}
