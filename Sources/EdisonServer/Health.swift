import EdisonCore
import EdisonSQL
import EdisonWeb
import HTTPTypes

/// What watches the server asks: whether it lives, whether it can work, and how it does.
struct Health: Sendable {
    let database: Database
    let metrics: ServerMetrics

    private static let group = "Operations"
    private static let status: JSONObject = [
        "type": "object", "required": ["status"], "properties": ["status": ["type": "string"]],
    ]

    var endpoints: [Endpoint] {
        [
            .get("/health", "Whether the process lives.", in: Self.group, .open, .json("Health", Self.status)) { _ in
                ["status": "ok"]
            },
            .get(
                "/ready", "Whether it can work: the database answers.", in: Self.group, .open,
                .json("Health", Self.status)
            ) {
                _ in
                do { try await database.read { db in _ = try db.fetchOne("SELECT 1 AS one") } } catch {
                    throw EdisonError(.unavailable, "The database does not answer.", underlying: error)
                }
                return ["status": "ok"]
            },
            .get("/metrics", "Figures for Prometheus.", in: Self.group, .open, .raw(.ok, "text/plain")) { _ in
                Answer(.ok, .bytes(Array(await metrics.text().utf8), type: "text/plain; version=0.0.4; charset=utf-8"))
            },
        ]
    }
}
