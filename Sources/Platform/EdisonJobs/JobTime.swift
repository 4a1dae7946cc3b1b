package import EdisonCore
package import EdisonSQL

/// Where the queue takes the time from: injected, so that tests move it by hand and never wait.
package struct JobTime: Sendable {
    package let now: @Sendable (any DatabaseConnection) throws -> Timestamp
    package let sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable (any DatabaseConnection) throws -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The database's own clock, the one that all processes share: a lease must not depend on whose clock is right.
    package static let database = JobTime(
        now: { db in
            guard let row = try db.fetchOne("SELECT \(db.dialect.databaseTime) AS now") else { return .now }
            return try row.timestamp("now")
        }, sleep: { duration in try await Task.sleep(for: duration) })
}
