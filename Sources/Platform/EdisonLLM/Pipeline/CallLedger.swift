import EdisonCore
import EdisonSQL

/// What is stored of calls, their attempts and the budgets; the SQL stands in this file and its extensions.
///
/// Transactions touch an attempt first, then the call, then budgets in the order of their ids, so that none of them
/// waits for another in a circle. Budgets come last because all calls of a run share one: on PostgreSQL the next
/// transaction waits for that row until the one before has ended.
struct CallLedger: Sendable {
    let database: Database
    /// Names this process in its attempts, so that a later one can tell which of them nobody will settle.
    let process: String
    /// Told inside the transaction that reached a threshold.
    var onCrossing: @Sendable (BudgetCrossing, any DatabaseConnection) throws -> Void = { _, _ in }
    /// What day it is, for the periods of budgets.
    var now: @Sendable () -> Timestamp = { .now }
    /// Between the ids of an attempt's budgets, as they are stored.
    static let budgetSeparator = " "

    /// The stored outcome of a call, if it has one that stands: an answer, or a refusal of the request itself. Any
    /// other failure may pass, be it because a key was corrected, and is asked again.
    func outcome(of key: String) async throws -> CallResult? {
        try await database.read { db in
            guard let row = try Self.row(of: key, db) else { return nil }
            return try Self.outcome(row)
        }
    }

    func isEmpty(scope: String) async throws -> Bool {
        try await database.read { db in
            try db.fetchOne("SELECT 1 AS found FROM model_call WHERE scope = \(scope) LIMIT 1") == nil
        }
    }

    static func row(of key: String, _ db: any DatabaseConnection) throws -> Row? {
        try db.fetchOne("SELECT * FROM model_call WHERE call_key = \(key)")
    }

    static func outcome(_ row: Row) throws -> CallResult? {
        var result = try figures(row)
        result.cached = try row.bool("cached")
        result.replayed = true
        switch try row.string("status") {
        case "answered":
            let response = ModelResponse(json: try row.json("answer"))
            result.response = response
            result.usage = response.usage
            return result
        case "failed":
            let failure = ProviderFailure(json: try row.json("failure"))
            result.failure = failure
            return try failure.isRefusalOfRequest || row.bool("stands") ? result : nil
        default: return nil
        }
    }

    /// Cost, latency and attempts, of all attempts together.
    static func figures(_ row: Row) throws -> CallResult {
        CallResult(
            cost: try row.bool("price_known") ? try row.optionalMoney("cost_nano") ?? .zero : nil,
            latency: .microseconds(try row.int("latency_us")), attempts: try row.int("attempts"))
    }

    /// Ends a call that nobody could answer.
    func fail(_ call: ModelCall, _ failure: ProviderFailure, latency: Duration) async throws -> CallResult {
        let row = NewCall(call)
        return try await database.write { db in
            let key = call.key.text
            try db.execute(row.statement)
            try db.execute(
                """
                UPDATE model_call SET status = 'failed', failure = \(failure.json),
                    latency_us = \(latency.wholeMicroseconds), finished_at = \(Timestamp.now)
                WHERE call_key = \(key) AND status <> 'answered'
                """)
            guard let row = try Self.row(of: key, db) else { return CallResult(failure: failure) }
            // A late answer, or another process's, is better than the failure.
            if try row.string("status") == "answered", let outcome = try Self.outcome(row) { return outcome }
            var result = try Self.figures(row)
            result.failure = failure
            result.usage = failure.usage
            return result
        }
    }

    /// An answer from the cache is a call too: recorded, at no cost of its own.
    func storeCached(_ call: ModelCall, _ response: ModelResponse) async throws -> CallResult {
        let row = NewCall(call)
        return try await database.write { db in
            let key = call.key.text
            try db.execute(row.statement)
            try db.execute(
                """
                UPDATE model_call SET status = 'answered', answer = \(response.json), failure = NULL, cached = 1,
                    cost_nano = COALESCE(cost_nano, 0),
                    served_by = \(response.model), finish_reason = \(response.finishReason.rawValue),
                    finished_at = \(Timestamp.now)
                WHERE call_key = \(key) AND status <> 'answered'
                """)
            var result = try Self.row(of: key, db).map(Self.figures) ?? CallResult()
            result.response = response
            result.usage = response.usage
            result.cached = true
            return result
        }
    }

    /// The row of a call as it begins, made before the database's one writer is waited for.
    struct NewCall: Sendable {
        let id: String
        let statement: SQL

        init(_ call: ModelCall, attempts: Int = 0) {
            let reference = call.reference
            id = IDSource.random.next(ModelCall.self).text
            statement = """
                INSERT INTO model_call
                    (id, call_key, scope, purpose, status, provider, credential, model, request_hash, price_known, tags,
                     attempts, project_id, user_id, created_at)
                VALUES
                    (\(id), \(call.key.text), \(call.key.scope),
                     \(call.key.purpose.name), 'open', \(reference.endpoint.kind.name),
                     \(reference.endpoint.credentialID), \(reference.model),
                     \(ContentHash(of: call.request.canonicalJSON).text), 1, \(JSONValue.object(call.tags)),
                     \(attempts), \(call.payer?.project), \(call.payer?.user), \(Timestamp.now))
                ON CONFLICT (call_key) DO NOTHING
                """
        }
    }
}
