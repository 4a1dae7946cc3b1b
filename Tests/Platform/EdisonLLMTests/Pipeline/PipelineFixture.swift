import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Foundation

/// The call pipeline on an empty database of either kind, over HTTP to a scripted server.
struct PipelineFixture: Sendable {
    /// One for each process that is played.
    let databases: [Database]
    let server: ModelServer
    let transport: HTTPTransport

    var database: Database { databases[0] }

    static func on(
        _ kind: TestDatabase, processes: Int = 1, _ script: @escaping ModelServer.Script,
        _ use: (PipelineFixture) async throws -> Void
    ) async throws {
        try await Self.slots.holding {
            try await kind.place { place in
                try await ModelServer.running(script) { server in
                    var databases: [Database] = []
                    for _ in 0..<processes { databases.append(try await Database.open(place)) }
                    let transport = HTTPTransport()
                    let fixture = PipelineFixture(databases: databases, server: server, transport: transport)
                    var failure: (any Error)?
                    do {
                        try await TestDatabase.migrate(databases[0])
                        try await use(fixture)
                    } catch { failure = error }
                    await transport.shutdown()
                    for database in databases { await database.close() }
                    if let failure { throw failure }
                }
            }
        }
    }

    /// Every fixture holds some twenty open files, and what depends on order should not wait for all the others.
    private static let slots = Slots(8)

    /// The pipeline as a new process has it.
    func calls(
        process: Int = 0, prices: PriceTable = PriceTable([]), retry: RetryPolicy = .quick(),
        breaker: BreakerPolicy = BreakerPolicy(), observer: @escaping @Sendable (CallEvent) -> Void = { _ in },
        onTraffic: @escaping @Sendable (TrafficEvent) -> Void = { _ in }
    ) -> ModelCalls {
        ModelCalls(
            database: databases[process], transport: transport, prices: prices, retry: retry, breaker: breaker,
            observer: observer, onTraffic: onTraffic)
    }

    /// 3,000 nano-dollars a token of input, 15,000 one of output.
    static let price = Price(
        input: .init(nanodollars: 3_000_000_000), output: .init(nanodollars: 15_000_000_000))

    func endpoint(_ credential: String = "c1", settings: JSONObject = [:]) -> Endpoint {
        Endpoint(
            kind: .openAICompatible, credentialID: credential, baseURL: server.url, apiKey: Secret("key-\(credential)"),
            settings: settings)
    }

    func reference(
        _ model: String = "m", credential: String = "c1", price: Price? = Self.price, settings: JSONObject = [:],
        alternatives: [ModelReference] = []
    ) -> ModelReference {
        ModelReference(
            endpoint: endpoint(credential, settings: settings), model: model, price: price, alternatives: alternatives)
    }

    /// `name` tells its key from others of the scope; the text is what the model is asked.
    func call(
        _ name: String, _ text: String = "Hello", scope: String = "run", to reference: ModelReference? = nil,
        maxTokens: Int? = 20, budgets: [Budget.ID] = [], caching: CachePolicy = .off
    ) -> ModelCall {
        let reference = reference ?? self.reference()
        return ModelCall(
            key: CallKey(scope: scope, purpose: .execute, parts: [name]), reference: reference,
            request: ModelRequest(
                model: reference.model, messages: [.user(text)], parameters: ModelParameters(maxTokens: maxTokens)),
            budgets: budgets, caching: caching)
    }

    /// What `call` reserves: a token a byte and 16 a message, at the price of input, and all of the output.
    static func bound(_ text: String = "Hello", maxTokens: Int = 20) -> Money {
        Money(nanodollars: Int64(text.utf8.count + 16) * 3_000 + Int64(maxTokens) * 15_000)
    }

    func rows(_ sql: SQL) async throws -> [Row] { try await database.read { db in try db.fetch(sql) } }

    func row(_ sql: SQL) async throws -> Row {
        let rows = try await rows(sql)
        guard rows.count == 1 else { throw EdisonError(.conflict, "\(rows.count) rows instead of one") }
        return rows[0]
    }

    func change(_ sql: SQL) async throws { _ = try await database.write { db in try db.execute(sql) } }

    func budget(_ id: Budget.ID) async throws -> BudgetState {
        let row = try await row("SELECT * FROM budget WHERE id = \(id)")
        return BudgetState(
            spent: try row.money("spent_nano"), reserved: try row.money("reserved_nano"),
            unconfirmed: try row.money("unconfirmed_nano"), spentTokens: try row.int("spent_tokens"),
            reservedTokens: try row.int("reserved_tokens"), calls: try row.int("spent_calls"))
    }

    /// The states of all attempts, in the order in which they were sent.
    func attempts() async throws -> [String] {
        try await rows("SELECT status FROM model_attempt ORDER BY sent_at, id").map { try $0.string("status") }
    }
}

struct BudgetState: Sendable, Equatable {
    var spent = Money.zero
    var reserved = Money.zero
    var unconfirmed = Money.zero
    var spentTokens = 0
    var reservedTokens = 0
    var calls = 0

    var bound: Money { spent + reserved + unconfirmed }
}

extension RetryPolicy {
    /// As ever, but without long pauses, and without waiting for a model that is down.
    static func quick(tries: Int = 6, total: Double = 60, outage: Double = 0) -> RetryPolicy {
        var policy = RetryPolicy()
        policy.outage = outage
        policy.tries = tries
        policy.base = 0.002
        policy.cap = 0.02
        policy.total = total
        return policy
    }
}

extension CallResult {
    var text: String? { response?.text }
}
