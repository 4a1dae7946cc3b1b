import EdisonCore
package import EdisonSQL
import Foundation

/// The one path of every call to a model:
/// `stored? → cache → limit → breaker → reserve and write down (T1) → provider → settle and store (T2) → retry, failover`.
package struct ModelCalls: Sendable {
    let ledger: CallLedger
    private let cache: ResponseCache
    private let traffic = TrafficControl()
    private let providers: [ProviderKind: any ModelProvider]
    private let prices: PriceTable
    private let retry: RetryPolicy
    private let observer: @Sendable (CallEvent) -> Void

    package init(
        database: Database, providers: [any ModelProvider], prices: PriceTable = .builtIn,
        retry: RetryPolicy = RetryPolicy(), observer: @escaping @Sendable (CallEvent) -> Void = { _ in }
    ) {
        ledger = CallLedger(database: database, process: ProcessIdentity.current)
        cache = ResponseCache(database: database)
        self.providers = Dictionary(providers.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.prices = prices
        self.retry = retry
        self.observer = observer
    }

    /// Makes the call, or returns what it brought before.
    ///
    /// Throws `budgetExceeded` when a budget is short, and `CancellationError`. A provider's failure is no error
    /// here: it comes back in the result, recorded.
    package func perform(_ call: ModelCall) async throws -> CallResult {
        if let known = try await ledger.outcome(of: call.key.text) {
            observer(CallEvent(purpose: call.key.purpose, result: known))
            return known
        }
        var call = call
        call.boundOutput()
        let result = try await call.caching == .on ? throughCache(call) : made(call)
        observer(CallEvent(purpose: call.key.purpose, result: result))
        return result
    }

    package func price(of reference: ModelReference) -> Price? { prices.price(of: reference, at: .now) }

    private func throughCache(_ call: ModelCall) async throws -> CallResult {
        let key = ResponseCache.key(call.reference, call.request)
        switch try await cache.enter(key) {
        case .hit(let response):
            try await ledger.storeCached(call, response: response)
            return CallResult(response: response, usage: response.usage, cost: .zero, cached: true)
        case .miss:
            do {
                let result = try await made(call)
                if let response = result.response { try await cache.store(response, key) }
                await cache.finish(key)
                return result
            } catch {
                await cache.finish(key)
                throw error
            }
        }
    }

    /// Asks the model and, when it cannot answer, its alternatives in their order.
    private func made(_ call: ModelCall) async throws -> CallResult {
        var last = CallResult(failure: ProviderFailure(.badRequest, "no model was asked"))
        let references = [call.reference] + call.reference.alternatives
        for (index, reference) in references.enumerated() {
            let isLast = index == references.count - 1
            last = try await asked(call, reference, isLast: isLast, attemptsBefore: last.attempts)
            if last.response != nil { return last }
        }
        return last
    }

    private func asked(
        _ call: ModelCall, _ reference: ModelReference, isLast: Bool, attemptsBefore: Int
    ) async throws -> CallResult {
        guard let provider = providers[reference.endpoint.kind] else {
            throw EdisonError(.invalid, "There is no provider of kind \"\(reference.endpoint.kind)\".")
        }
        let price = prices.price(of: reference, at: .now)
        var request = call.request
        request.model = reference.model
        let began = ContinuousClock.now
        var attempt = 0
        while true {
            let tokens = request.inputTokenBound + (request.parameters.maxTokens ?? 0)
            guard try await traffic.admit(reference, tokens: tokens, hasAlternative: !isLast) else {
                return CallResult(
                    failure: ProviderFailure(.overloaded, "the model keeps failing and is paused"),
                    attempts: attemptsBefore + attempt)
            }
            let reservation = try await reserve(call, reference, price, request)
            attempt += 1
            switch try await attempted(provider, request, reference, reservation, price, began) {
            case .success(var result):
                result.attempts = attemptsBefore + attempt
                return result
            case .failure(let failure):
                let pause = retry.pause(
                    after: failure, attempt: attempt, elapsed: began.duration(to: .now).inSeconds,
                    draw: .random(in: 0...1))
                try await uncancelled {
                    try await ledger.settle(
                        reservation, failure: failure, price: price, isFinal: pause == nil && isLast)
                }
                await traffic.failed(reference, failure)
                if failure.kind == .cancelled { throw CancellationError() }
                guard let pause else {
                    return CallResult(
                        failure: failure, usage: failure.usage, cost: price == nil ? nil : .zero,
                        latency: began.duration(to: .now), attempts: attemptsBefore + attempt)
                }
                try await traffic.pause(pause)
            }
        }
    }

    private func attempted(
        _ provider: any ModelProvider, _ request: ModelRequest, _ reference: ModelReference,
        _ reservation: CallLedger.Reservation, _ price: Price?, _ began: ContinuousClock.Instant
    ) async throws -> Result<CallResult, ProviderFailure> {
        let sent = ContinuousClock.now
        do {
            let timeout = reference.endpoint.settings["timeout"]?.double ?? 300
            let response = try await provider.respond(
                to: request, at: reference.endpoint,
                attempt: Attempt(id: reservation.attempt, timeout: .seconds(timeout)))
            let latency = sent.duration(to: .now)
            try await uncancelled {
                try await ledger.settle(
                    reservation, response: response, price: price, servedBy: reference, latency: latency)
            }
            await traffic.succeeded(reference)
            let cost = price.flatMap { price in response.usage.map { price.cost(of: $0) } }
            return .success(
                CallResult(response: response, usage: response.usage, cost: cost, latency: latency))
        } catch let failure as ProviderFailure {
            return .failure(failure)
        } catch is CancellationError {
            return .failure(ProviderFailure(.cancelled, "cancelled"))
        }
    }

    /// Waits while others hold reservations that may be released; fails when none does.
    private func reserve(
        _ call: ModelCall, _ reference: ModelReference, _ price: Price?, _ request: ModelRequest
    ) async throws -> CallLedger.Reservation {
        let input = request.inputTokenBound
        let output = request.parameters.maxTokens ?? 0
        let cost = price?.bound(inputTokens: input, outputTokens: output) ?? .zero
        let hash = ContentHash(of: request.canonicalJSON).text
        while true {
            switch try await ledger.reserve(
                call, reference: reference, price: price, requestHash: hash, cost: cost, tokens: input + output)
            {
            case .reserved(let reservation): return reservation
            case .mustWait: try await traffic.pause(0.05)
            case .exhausted(let limit):
                throw EdisonError(
                    .budgetExceeded, "The \(limit.words) is used up.", underlying: BudgetExhausted(limit: limit))
            }
        }
    }

    /// What was paid for is written down even when the task that asked has been cancelled.
    private func uncancelled(_ work: @escaping @Sendable () async throws -> Void) async throws {
        try await Task { try await work() }.value
    }
}

extension ModelCall {
    /// A request under a budget must have a bound on what it may cost.
    fileprivate mutating func boundOutput() {
        guard !budgets.isEmpty, request.parameters.maxTokens == nil else { return }
        var request = request
        request.parameters.maxTokens = 4_096
        self = ModelCall(
            key: key, reference: reference, request: request, budgets: budgets, caching: caching, tags: tags)
    }
}

extension BudgetLimit {
    var words: String {
        switch self {
        case .usd: "budget"
        case .tokens: "token limit"
        case .calls: "limit of calls"
        }
    }
}

/// A call that ended, for who counts and shows.
package struct CallEvent: Sendable {
    package let purpose: CallPurpose
    package let result: CallResult
}

/// Names a process so that another one on the same machine can tell whether it still runs.
enum ProcessIdentity {
    static let current = "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)"

    static func isAlive(_ identity: String) -> Bool {
        let parts = identity.split(separator: "/")
        guard parts.count == 2, String(parts[0]) == ProcessInfo.processInfo.hostName, let id = Int32(parts[1]) else {
            return true
        }
        return kill(id, 0) == 0 || errno == EPERM
    }
}
