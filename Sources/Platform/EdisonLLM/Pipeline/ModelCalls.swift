import EdisonCore
package import EdisonSQL

/// The one path of every call to a model:
/// `stored? → cache → limit → breaker → reserve and write down (T1) → provider → settle and store (T2) → retry, failover`.
package struct ModelCalls: Sendable {
    var ledger: CallLedger
    var payer: Payer?
    let life: ProcessLife
    var traffic: TrafficControl
    let providers: [ProviderKind: any ModelProvider]
    let prices: PriceTable
    var retry: RetryPolicy
    /// No request begins after it. What is stored still answers, and what is under way ends.
    package private(set) var deadline: ContinuousClock.Instant?
    private let cache: ResponseCache
    private let calls = SingleFlight<CallResult>()
    private let answers = SingleFlight<ModelResponse>()
    private let fresh = FreshScopes()
    private let observer: @Sendable (CallEvent) -> Void
    /// The most tokens of an answer under a budget, where nobody says another number.
    static let standardOutput = 4_096

    /// Over the providers of the catalog, and learning their limits from what they answer.
    ///
    /// - Parameter onCrossing: told of each threshold of a budget, inside the transaction that reached it.
    package init(
        database: Database, transport: HTTPTransport, prices: PriceTable = .builtIn,
        retry: RetryPolicy = RetryPolicy(), breaker: BreakerPolicy = BreakerPolicy(),
        observer: @escaping @Sendable (CallEvent) -> Void = { _ in },
        onTraffic: @escaping @Sendable (TrafficEvent) -> Void = { _ in },
        onCrossing: @escaping @Sendable (BudgetCrossing, any DatabaseConnection) throws -> Void = { _, _ in }
    ) {
        let traffic = TrafficControl(breaker, observer: onTraffic)
        self.init(
            database: database, providers: ProviderCatalog.providers(transport, observer: traffic.observer),
            prices: prices, retry: retry, traffic: traffic, observer: observer)
        ledger.onCrossing = onCrossing
    }

    /// Over given providers, which must have their own observer if limits are to be learned from headers.
    package init(
        database: Database, providers: [any ModelProvider], prices: PriceTable = .builtIn,
        retry: RetryPolicy = RetryPolicy(), observer: @escaping @Sendable (CallEvent) -> Void = { _ in },
        onCrossing: @escaping @Sendable (BudgetCrossing, any DatabaseConnection) throws -> Void = { _, _ in }
    ) {
        self.init(
            database: database, providers: providers, prices: prices, retry: retry, traffic: TrafficControl(),
            observer: observer)
        ledger.onCrossing = onCrossing
    }

    private init(
        database: Database, providers: [any ModelProvider], prices: PriceTable, retry: RetryPolicy,
        traffic: TrafficControl, observer: @escaping @Sendable (CallEvent) -> Void
    ) {
        ledger = CallLedger(database: database, process: ProcessLife.current)
        life = ProcessLife(database: database)
        cache = ResponseCache(database: database)
        self.providers = Dictionary(providers.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.prices = prices
        self.retry = retry
        self.traffic = traffic
        self.observer = observer
    }

    /// Makes the call, or returns what it brought before.
    ///
    /// Throws `budgetExceeded` when a budget is short, and `CancellationError`. A provider's failure is no error
    /// here: it comes back in the result, recorded.
    package func perform(_ call: ModelCall) async throws -> CallResult {
        let key = call.key.text
        var call = call
        call.payer = payer
        var result: CallResult
        switch try await calls.enter(key) {
        case .follow(let other):
            result = other
            result.replayed = true
        case .lead:
            do { result = try await outcome(of: call) } catch {
                await calls.finish(key, nil)
                throw error
            }
            await calls.finish(key, result)
        }
        observer(CallEvent(purpose: call.key.purpose, result: result))
        return result
    }

    /// The same path with an end in time; nil = none.
    package func ending(at deadline: ContinuousClock.Instant?) -> ModelCalls {
        var calls = self
        calls.deadline = deadline
        return calls
    }

    /// Lets go of what shows other processes that this one makes requests. Nothing may be asked for after it.
    package func end() { life.end() }

    package func price(of reference: ModelReference) -> Price? { prices.price(of: reference, at: .now) }

    /// The breakers of all models that were asked so far, for people.
    package var breakers: [BreakerStatus] { traffic.breakers }

    private func outcome(of call: ModelCall) async throws -> CallResult {
        // What the cache answers is not written down before it is known, so there one looks first in any case.
        let mayBeKnown = if call.caching == .on { true } else { try await !isFresh(call.key.scope) }
        if mayBeKnown, let known = try await ledger.outcome(of: call.key.text) { return known }
        let call = call.boundedByBudget
        return try await call.caching == .on ? throughCache(call) : made(call).result
    }

    private func isFresh(_ scope: String) async throws -> Bool {
        try await fresh.contains(scope) { try await ledger.isEmpty(scope: scope) }
    }

    private func throughCache(_ call: ModelCall) async throws -> CallResult {
        let key = ResponseCache.key(call, call.reference)
        let flight = ([call.reference] + call.reference.alternatives).map { ResponseCache.key(call, $0) }.joined()
        switch try await answers.enter(flight) {
        case .follow(let response): return try await ledger.storeCached(call, response)
        case .lead:
            do {
                if let response = try await cache.answer(key) {
                    await answers.finish(flight, response)
                    return try await ledger.storeCached(call, response)
                }
                let (result, reference) = try await made(call)
                if let response = result.response {
                    try await cache.store(response, ResponseCache.key(call, reference))
                }
                await answers.finish(flight, result.response)
                return result
            } catch {
                await answers.finish(flight, nil)
                throw error
            }
        }
    }

    /// Asks the model and, when it cannot answer, its alternatives in their order.
    private func made(_ call: ModelCall) async throws -> (result: CallResult, reference: ModelReference) {
        let began = ContinuousClock.now
        let references = [call.reference] + call.reference.alternatives
        var last: ProviderFailure?
        for (index, reference) in references.enumerated() {
            if index > 0, let last {
                traffic.report.replaced(references[index - 1], by: reference, words: "\(last)")
            }
            switch try await asked(call, reference, hasAlternative: index < references.count - 1) {
            case .success(let result): return (result, reference)
            case .failure(let failure):
                // That an alternative could not be asked at all says less than why the model before gave no answer.
                if last == nil || failure.code != Self.unasked { last = failure }
            }
        }
        let failure = last ?? ProviderFailure(.badRequest, "no model was asked")
        let latency = began.duration(to: .now)
        return (try await uncancelled { try await ledger.fail(call, failure, latency: latency) }, call.reference)
    }
}

extension ModelCall {
    /// A request under a budget must have a bound on what it may cost.
    fileprivate var boundedByBudget: ModelCall {
        guard !budgets.isEmpty || payer != nil, request.outputTokenBound == nil else { return self }
        var call = self
        call.request.parameters.limitOutput(to: ModelCalls.standardOutput)
        return call
    }
}

/// A call that ended, for who counts and shows.
package struct CallEvent: Sendable {
    package let purpose: CallPurpose
    package let result: CallResult
}
