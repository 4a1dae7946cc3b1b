import EdisonCore
import EdisonSQL

/// Reads what the calls with a credential came to; they are written by the path of all calls.
struct UsageStore: Sendable {
    func usage(
        of credential: ProviderCredential.ID, since: Timestamp, in db: any DatabaseConnection
    ) throws -> CredentialUsage {
        let rows = try db.fetch(
            """
            SELECT model, status, cached, attempts, latency_us, input_tokens, output_tokens, cost_nano, price_known,
                   created_at
            FROM model_call WHERE credential = \(credential.text) AND created_at >= \(since)
            ORDER BY created_at DESC LIMIT \(CredentialUsage.most + 1)
            """)
        let calls = try rows.prefix(CredentialUsage.most).map(CredentialUsage.Call.init)
        let oldest = calls.last?.createdAt ?? since
        let failed = try db.fetch(
            """
            SELECT a.failure, a.settled_at, a.sent_at
            FROM model_attempt a JOIN model_call c ON c.id = a.call_id
            WHERE c.credential = \(credential.text) AND c.created_at >= \(oldest) AND a.failure IS NOT NULL
            ORDER BY a.sent_at DESC LIMIT \(CredentialUsage.most)
            """
        ).map { row in
            let failure = try row.json("failure")
            return (
                kind: failure["kind"]?.string ?? "unknown", message: failure["message"]?.string ?? "",
                at: try row.optionalTimestamp("settled_at") ?? row.timestamp("sent_at")
            )
        }
        return CredentialUsage(
            since: since, isPartial: rows.count > CredentialUsage.most, calls: calls, failed: failed)
    }
}

extension CredentialUsage.Call {
    init(row: Row) throws {
        self.init(
            model: try row.string("model"), status: try row.string("status"), isCached: try row.bool("cached"),
            attempts: try row.int("attempts"), latencyMicroseconds: try row.int("latency_us"),
            inputTokens: try row.int("input_tokens"), outputTokens: try row.int("output_tokens"),
            cost: try row.bool("price_known") ? try row.optionalMoney("cost_nano") ?? .zero : nil,
            createdAt: try row.timestamp("created_at"))
    }
}
