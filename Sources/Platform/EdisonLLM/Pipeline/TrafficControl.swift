import EdisonCore
import Synchronization

/// The limits of each credential and the breakers of each model, for all calls of this process.
///
/// The decisions are `RateLimiter`'s and `Breaker`'s; this waits for them and wakes who may go.
final class TrafficControl: Sendable {
    /// The right to send one request; must be ended.
    struct Admission: Sendable {
        fileprivate let ticket: RateLimiter.Ticket
        fileprivate let credential: Credential
        fileprivate let model: String
        fileprivate let isProbe: Bool

        fileprivate var name: TrafficEvent.Model { TrafficEvent.Model(name: model, provider: credential.id) }
    }

    enum End: Sendable {
        case answered(TokenUsage?)
        case failed(ProviderFailure)
        /// Nothing was sent, or nobody knows what came of it.
        case withdrawn
    }

    struct Credential: Hashable, Sendable {
        let id: String
        let baseURL: String

        init(_ endpoint: Endpoint) {
            id = endpoint.credentialID
            baseURL = endpoint.baseURL
        }
    }

    struct Place: Hashable {
        let credential: Credential
        let model: String

        var known: KnownModel { KnownModel(credential: credential.id, model: model) }
    }

    struct State {
        var limiters: [Credential: RateLimiter] = [:]
        var breakers: [Place: Breaker] = [:]
        var outages: [Place: Outage] = [:]
        /// What has answered earlier processes.
        var known: Set<KnownModel> = []
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        var wakes: [Credential: Double] = [:]
        var tickets = 0
    }

    let state = Mutex(State())
    let policy: BreakerPolicy
    let report: TrafficReport
    private let start = ContinuousClock.now

    init(_ policy: BreakerPolicy = BreakerPolicy(), observer: @escaping @Sendable (TrafficEvent) -> Void = { _ in }) {
        self.policy = policy
        report = TrafficReport(patience: policy.slow, observer)
    }

    var now: Double { start.duration(to: .now).inSeconds }

    /// Waits until the call may go out. Returns nil when the breaker is shut and there is somebody else to ask, or
    /// stays so for longer than `patience`, in seconds.
    func admit(
        _ reference: ModelReference, scope: String, tokens: Int, hasAlternative: Bool, patience: Double
    ) async throws -> Admission? {
        let place = Place(credential: Credential(reference.endpoint), model: reference.model)
        var deadline: Double?
        while true {
            try Task.checkCancellation()
            if hasAlternative, state.withLock({ [now] in $0.breakers[place]?.isShut(at: now) ?? false }) { return nil }
            let ticket = try await queue(reference.endpoint, scope: scope, tokens: tokens)
            let permission = state.withLock { [now] in
                $0.breakers[place, default: Breaker(policy)].request(at: now)
            }
            let admission = Admission(
                ticket: ticket, credential: place.credential, model: place.model, isProbe: permission == .probe)
            guard case .wait(let seconds) = permission else {
                report.began(ticket.id, admission.name)
                return admission
            }
            end(admission, .withdrawn)
            let latest = deadline ?? now + patience
            deadline = latest
            let (outage, isKnown) = state.withLock { ($0.outages[place] ?? Outage(), $0.known.contains(place.known)) }
            if hasAlternative { return nil }
            if outage.isOver(policy, isKnown: isKnown, at: now) {
                report.gaveUp(reference, words: outage.words)
                return nil
            }
            if now >= latest { return nil }
            try await Task.sleep(for: .seconds(max(0.001, min(seconds, latest - now, 1))))
        }
    }

    /// A limit that the provider names holds for the whole credential; only faults of the service count for the
    /// breaker, not faults of the request.
    func end(_ admission: Admission, _ end: End) {
        change(admission.credential) { _, limiter, now in
            switch end {
            case .answered(let usage): limiter.settle(admission.ticket, tokens: usage.map { $0.input + $0.output })
            case .failed(let failure):
                limiter.settle(admission.ticket, tokens: failure.usage.map { $0.input + $0.output })
                if failure.kind == .rateLimited, let wait = failure.retryAfter {
                    limiter.pause(until: now + min(wait.inSeconds, LearnedLimit.longestWait))
                }
            case .withdrawn: limiter.withdraw(admission.ticket)
            }
            return []
        }
        if case .failed(let failure) = end, failure.kind == .rateLimited, let wait = failure.retryAfter {
            report.waits(admission.credential.id, seconds: min(wait.inSeconds, LearnedLimit.longestWait))
        }
        let place = Place(credential: admission.credential, model: admission.model)
        let breaker: Breaker.Change? = state.withLock { [now] state in
            switch end {
            case .answered: state.outages[place, default: Outage()].answered()
            case .failed(let failure) where end.verdict == true:
                state.outages[place, default: Outage()].failed(failure, at: now)
            case .failed, .withdrawn: break
            }
            guard let failed = end.verdict else {
                if admission.isProbe { state.breakers[place]?.abandonProbe(at: now) }
                return nil
            }
            return state.breakers[place, default: Breaker(policy)].report(
                failed: failed, isProbe: admission.isProbe, at: now)
        }
        report.ended(admission.ticket.id, admission.name, end, breaker: breaker)
    }

    /// Hears what the answers' headers tell of limits.
    var observer: ProviderObserver {
        ProviderObserver { [weak self] limits, endpoint in
            self?.change(Credential(endpoint)) { _, limiter, now in
                limiter.observe(limits, at: now)
                return []
            }
        }
    }

    private func queue(_ endpoint: Endpoint, scope: String, tokens: Int) async throws -> RateLimiter.Ticket {
        let credential = Credential(endpoint)
        let id = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        let ticket = RateLimiter.Ticket(id: id, scope: scope, tokens: tokens)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                change(credential) { state, limiter, _ in
                    // The handler below may have run already and found nothing to take back.
                    if Task.isCancelled { return [(continuation, CancellationError())] }
                    state.waiting[id] = continuation
                    limiter.requestsPerMinute = endpoint.settings["requests_per_minute"]?.int
                    limiter.tokensPerMinute = endpoint.settings["tokens_per_minute"]?.int
                    limiter.enqueue(ticket)
                    return []
                }
            }
        } onCancel: {
            // Who was granted before stays granted, and gives the admission back by itself.
            change(credential) { state, limiter, _ in
                guard limiter.remove(id), let continuation = state.waiting.removeValue(forKey: id) else { return [] }
                return [(continuation, CancellationError())]
            }
        }
        return ticket
    }

    private typealias Woken = [(continuation: CheckedContinuation<Void, any Error>, error: (any Error)?)]

    /// Changes the limiter of a credential, then wakes whom the change names and those who may go now.
    private func change(
        _ credential: Credential, _ change: (inout State, inout RateLimiter, _ now: Double) -> Woken
    ) {
        let now = now
        var told: Double?
        let (woken, wake) = state.withLock { state in
            // Taken out, so that its queues are changed in place.
            var limiter = state.limiters.removeValue(forKey: credential) ?? RateLimiter()
            var woken = change(&state, &limiter, now)
            let wait = Self.grant(&limiter, &state.waiting, &woken, at: now)
            state.limiters[credential] = limiter
            told = wait
            // An earlier wake finds out by itself that it has to wait on.
            guard let wait, state.wakes[credential].map({ $0 > now + wait }) ?? true else {
                return (woken, nil as Double?)
            }
            state.wakes[credential] = now + wait
            return (woken, wait)
        }
        for (continuation, error) in woken {
            if let error { continuation.resume(throwing: error) } else { continuation.resume() }
        }
        if let wake { plan(credential, in: wake, at: now + wake) }
        if let told { report.waits(credential.id, seconds: told) }
    }

    /// Seconds until the next one may go; nil when nobody waits.
    private static func grant(
        _ limiter: inout RateLimiter, _ waiting: inout [Int: CheckedContinuation<Void, any Error>],
        _ woken: inout Woken, at now: Double
    ) -> Double? {
        while true {
            switch limiter.next(at: now) {
            case .grant(let id):
                if let continuation = waiting.removeValue(forKey: id) { woken.append((continuation, nil)) }
            case .wait(let seconds): return seconds
            case .idle: return nil
            }
        }
    }

    private func plan(_ credential: Credential, in seconds: Double, at time: Double) {
        Task { [weak self] in
            try? await Task.sleep(for: .seconds(seconds + 0.001))
            guard let self else { return }
            state.withLock { state in
                if state.wakes[credential] == time { state.wakes[credential] = nil }
            }
            change(credential) { _, _, _ in [] }
        }
    }
}
