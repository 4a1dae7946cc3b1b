import EdisonCore

/// The limits of each credential and the breakers of each model, for all calls of this process.
actor TrafficControl {
    private var breakers: [String: Breaker] = [:]
    private var pausedUntil: [String: Double] = [:]
    private var sent: [String: [(time: Double, tokens: Int)]] = [:]
    private let now: @Sendable () -> Double
    private let sleep: @Sendable (Double) async throws -> Void

    init(
        now: @escaping @Sendable () -> Double = TrafficControl.monotonic,
        sleep: @escaping @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }
    ) {
        self.now = now
        self.sleep = sleep
    }

    static let monotonic: @Sendable () -> Double = {
        let start = ContinuousClock.now
        return { start.duration(to: .now).inSeconds }
    }()

    private static func breakerKey(_ reference: ModelReference) -> String {
        "\(reference.endpoint.credentialID)\u{1F}\(reference.endpoint.baseURL)\u{1F}\(reference.model)"
    }

    private static func credentialKey(_ reference: ModelReference) -> String {
        "\(reference.endpoint.credentialID)\u{1F}\(reference.endpoint.baseURL)"
    }

    /// Waits until the call may go out. Returns false when the breaker is open and there is somebody else to ask.
    func admit(_ reference: ModelReference, tokens: Int, hasAlternative: Bool) async throws -> Bool {
        while true {
            try Task.checkCancellation()
            if let wait = limitWait(reference, tokens: tokens) {
                try await sleep(min(wait, 1))
                continue
            }
            switch breakers[Self.breakerKey(reference), default: Breaker()].request(at: now()) {
            case .go:
                sent[Self.credentialKey(reference), default: []].append((now(), tokens))
                return true
            case .wait(let seconds):
                if hasAlternative { return false }
                try await sleep(min(seconds, 1))
            }
        }
    }

    /// Seconds until the credential's own limits allow one more call; nil = now.
    private func limitWait(_ reference: ModelReference, tokens: Int) -> Double? {
        let key = Self.credentialKey(reference)
        let time = now()
        if let until = pausedUntil[key], until > time { return until - time }
        let settings = reference.endpoint.settings
        let perMinute = settings["requests_per_minute"]?.int
        let tokensPerMinute = settings["tokens_per_minute"]?.int
        guard perMinute != nil || tokensPerMinute != nil else { return nil }
        let recent = (sent[key] ?? []).filter { $0.time > time - 60 }
        sent[key] = recent
        guard let oldest = recent.first?.time else { return nil }
        if let perMinute, recent.count >= perMinute { return oldest + 60 - time }
        if let tokensPerMinute, recent.reduce(tokens, { $0 + $1.tokens }) > tokensPerMinute {
            return oldest + 60 - time
        }
        return nil
    }

    func succeeded(_ reference: ModelReference) {
        breakers[Self.breakerKey(reference), default: Breaker()].report(failed: false, at: now())
    }

    /// A limit that the provider names holds for the whole credential; only faults of the service count for the
    /// breaker, not faults of the request.
    func failed(_ reference: ModelReference, _ failure: ProviderFailure) {
        let key = Self.breakerKey(reference)
        switch failure.kind {
        case .rateLimited:
            if let wait = failure.retryAfter {
                let until = now() + min(wait.inSeconds, 120)
                pausedUntil[Self.credentialKey(reference)] = max(until, pausedUntil[Self.credentialKey(reference)] ?? 0)
            }
            breakers[key, default: Breaker()].abandon(at: now())
        case .serverError, .overloaded, .timeout, .connection, .cutStream, .malformed:
            breakers[key, default: Breaker()].report(failed: true, at: now())
        case .cancelled: breakers[key, default: Breaker()].abandon(at: now())
        case .badRequest, .refusedKey, .notAllowed, .unknownModel, .tooLarge, .quotaExceeded, .contentFiltered:
            breakers[key, default: Breaker()].report(failed: false, at: now())
        }
    }

    func pause(_ seconds: Double) async throws { try await sleep(seconds) }
}
