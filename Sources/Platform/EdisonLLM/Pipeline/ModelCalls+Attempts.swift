import EdisonCore

/// One model of the list: admitted, asked, settled, and asked again while that may help.
extension ModelCalls {
    /// The code of a failure without any request.
    static let unasked = "unasked"

    func asked(
        _ call: ModelCall, _ reference: ModelReference, hasAlternative: Bool
    ) async throws -> Result<CallResult, ProviderFailure> {
        guard let provider = providers[reference.endpoint.kind] else {
            throw EdisonError(.invalid, "There is no provider of kind \"\(reference.endpoint.kind)\".")
        }
        var request = call.request
        request.model = reference.model
        let turn = Turn(
            call: call, reference: reference, provider: provider, request: request,
            price: prices.price(of: reference, at: .now), hasAlternative: hasAlternative)
        var began: ContinuousClock.Instant?
        var attempt = 0
        while true {
            let elapsed = began?.duration(to: .now).inSeconds ?? 0
            switch try await admitted(turn, patience: max(0, retry.total - elapsed)) {
            case .answered(let result): return .success(result)
            case .refused(let failure): return .failure(failure)
            case .sent(let admission, let reservation):
                attempt += 1
                let start = began ?? .now
                began = start
                switch try await attempted(turn, admission, reservation) {
                case .success(let result): return .success(result)
                case .failure(let failure):
                    if failure.kind == .cancelled { throw CancellationError() }
                    let elapsed = start.duration(to: .now).inSeconds
                    let pause = retry.pause(
                        after: failure, attempt: attempt, elapsed: elapsed, draw: .random(in: 0...1),
                        isOut: !hasAlternative && traffic.isOut(reference))
                    guard let pause else { return .failure(failure) }
                    try await Task.sleep(until: min(.now + .seconds(pause), deadline ?? .now + .seconds(pause)))
                }
            }
        }
    }

    private struct Turn: Sendable {
        let call: ModelCall
        let reference: ModelReference
        let provider: any ModelProvider
        let request: ModelRequest
        let price: Price?
        let hasAlternative: Bool

        var bound: CallLedger.Bound {
            let input = request.inputTokenBound
            let output = request.outputTokenBound ?? 0
            return CallLedger.Bound(
                cost: price?.bound(inputTokens: input, outputTokens: output), tokens: input + output)
        }
    }

    private enum Admitted {
        case sent(TrafficControl.Admission, CallLedger.Reservation)
        case answered(CallResult)
        case refused(ProviderFailure)
    }

    /// Waits for the limits, the breaker and the budget; what is short in the one is not held in the other meanwhile.
    private func admitted(_ turn: Turn, patience: Double) async throws -> Admitted {
        let bound = turn.bound
        var waits = 0
        while true {
            // What is stored costs no time.
            if isOver, let known = try await ledger.outcome(of: turn.call.key.text) { return .answered(known) }
            let admission = try await inTime {
                try await traffic.admit(
                    turn.reference, scope: turn.call.key.scope, tokens: bound.tokens,
                    hasAlternative: turn.hasAlternative, patience: patience)
            } lateValue: { admission in
                if let admission { traffic.end(admission, .withdrawn) }
            }
            guard let admission else {
                let words = traffic.lastWords(of: turn.reference).map { ", last with: \($0)" } ?? ""
                return .refused(
                    ProviderFailure(
                        .overloaded, "the model keeps failing and is paused\(words)", code: Self.unasked))
            }
            do {
                try await life.show()
                let outcome = try await ledger.reserve(
                    turn.call, credential: turn.reference.endpoint.credentialID, bound)
                if case .reserved(let reservation) = outcome { return .sent(admission, reservation) }
                traffic.end(admission, .withdrawn)
                if let end = try await end(of: outcome, turn) { return end }
            } catch {
                traffic.end(admission, .withdrawn)
                throw error
            }
            waits += 1
            // Whoever holds the rest may have died since.
            if waits % 20 == 0 { try await recoverAttempts(scope: nil) }
            try await Task.sleep(for: .milliseconds(min(10 * waits, 200)))
        }
    }

    /// nil: others hold reservations that may be released.
    private func end(of outcome: CallLedger.ReserveOutcome, _ turn: Turn) async throws -> Admitted? {
        switch outcome {
        case .mustWait, .reserved: return nil
        case .exhausted(let shortage):
            // What is stored costs nothing.
            if let known = try await ledger.outcome(of: turn.call.key.text) { return .answered(known) }
            if let shared = shortage.shared { try await ledger.alarmRefused(shared.id, turn.bound.cost ?? .zero) }
            throw shortage.error
        case .unpriced:
            let words = "the price of \(turn.reference.model) is unknown, so a budget in USD cannot be kept"
            return .refused(ProviderFailure(.notAllowed, words, code: Self.unasked))
        case .answered: return try await ledger.outcome(of: turn.call.key.text).map { .answered($0) }
        }
    }

    /// One request over the wire, from its first byte to its settlement.
    private func attempted(
        _ turn: Turn, _ admission: TrafficControl.Admission, _ reservation: CallLedger.Reservation
    ) async throws -> Result<CallResult, ProviderFailure> {
        if Task.isCancelled {
            traffic.end(admission, .withdrawn)
            let failure = ProviderFailure(.cancelled, "cancelled before it was sent", code: "refused")
            try await uncancelled { try await ledger.settle(reservation, failure: failure, price: turn.price) }
            throw CancellationError()
        }
        let sent = ContinuousClock.now
        do {
            var response = try await respond(turn, reservation)
            if response.usage?.isPlausible == false { response.usage = nil }
            let answer = response
            let latency = sent.duration(to: .now)
            let result = try await uncancelled {
                try await ledger.settle(
                    reservation, response: answer, price: turn.price, servedBy: turn.reference, latency: latency)
            }
            traffic.end(admission, .answered(answer.usage))
            return .success(result)
        } catch var failure as ProviderFailure {
            if failure.usage?.isPlausible == false { failure.usage = nil }
            let failure = failure
            traffic.end(admission, .failed(failure))
            try await uncancelled { try await ledger.settle(reservation, failure: failure, price: turn.price) }
            return .failure(failure)
        } catch {
            traffic.end(admission, .withdrawn)
            let failure = ProviderFailure(.cancelled, "\(error is CancellationError ? "cancelled" : "\(error)")")
            try await uncancelled { try await ledger.settle(reservation, failure: failure, price: turn.price) }
            throw error
        }
    }

    private func respond(_ turn: Turn, _ reservation: CallLedger.Reservation) async throws -> ModelResponse {
        let endpoint = turn.reference.endpoint
        let attempt = Attempt(
            id: reservation.attempt, timeout: .seconds(endpoint.settings["timeout"]?.double ?? 300))
        guard turn.request.responseFormat == .vectors else {
            return try await turn.provider.respond(to: turn.request, at: endpoint, attempt: attempt)
        }
        let texts = turn.request.messages.map(\.text)
        let answer = try await turn.provider.embed(texts, model: turn.request.model, at: endpoint, attempt: attempt)
        return ModelResponse(vectors: answer)
    }

    /// What was paid for is written down even when the task that asked has been cancelled.
    func uncancelled<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await Task { try await work() }.value
    }
}

extension ModelResponse {
    /// Vectors as the one path carries them: a JSON list of lists in place of words.
    fileprivate init(vectors answer: EmbeddingResponse) {
        let lists = answer.vectors.map { JSONValue.array($0.map { .number(Double($0)) }) }
        self.init(text: JSONValue.array(lists).text(), usage: answer.usage, model: answer.model, finishReason: .stop)
    }
}
