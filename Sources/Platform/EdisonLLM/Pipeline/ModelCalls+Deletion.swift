package import EdisonSQL

extension ModelCalls {
    /// The same for every scope that begins so; the beginning has no wild card of `LIKE`.
    package static func delete(scopesFrom prefix: String, in db: any DatabaseConnection) throws -> Int {
        let rows = try db.fetch(
            "SELECT DISTINCT scope FROM budget WHERE scope LIKE \(prefix + "%") ORDER BY scope")
        return try rows.reduce(0) { $0 + (try delete(scope: $1.string("scope"), in: db)) }
    }

    /// Removes the calls of a scope with their attempts, and its budget; returns how many of them
    /// made a request.
    ///
    /// The response cache belongs to no scope: what is in it ends an hour after it was stored.
    package static func delete(scope: String, in db: any DatabaseConnection) throws -> Int {
        try db.execute("DELETE FROM model_attempt WHERE call_id IN (SELECT id FROM model_call WHERE scope = \(scope))")
        let row = try db.fetchOne("SELECT COUNT(*) AS n FROM model_call WHERE scope = \(scope) AND cached = 0")
        let calls = try row?.int("n") ?? 0
        try db.execute("DELETE FROM model_call WHERE scope = \(scope)")
        try db.execute("DELETE FROM budget WHERE scope = \(scope)")
        return calls
    }
}
