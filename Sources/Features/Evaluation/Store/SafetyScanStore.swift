package import EdisonCore
package import EdisonSQL

/// Every SQL statement of safety scans. `scope` is the run that owns them, as for outputs and judgments.
package struct SafetyScanStore: Sendable {
    package init() {}

    /// Stores a scan once; a second one of the same text changes nothing.
    package func insert(_ scan: SafetyScan, scope: String, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO safety_scan
                (scope, text_hash, flags, evidence, valid, invalid_reason, cost_nano, created_at, flagged)
            VALUES
                (\(scope), \(scan.text.text), \(scan.flags.json), \(scan.evidence), \(scan.valid),
                 \(scan.invalidReason), \(scan.cost), \(Timestamp.now), \(scan.valid && scan.flags.any))
            ON CONFLICT DO NOTHING
            """)
    }

    package func scans(scope: String, in db: any DatabaseConnection) throws -> [SafetyScan] {
        try db.fetch(
            """
            SELECT text_hash, flags, evidence, valid, invalid_reason, cost_nano
            FROM safety_scan WHERE scope = \(scope) ORDER BY text_hash
            """
        ).map(SafetyScan.init(row:))
    }

    package func delete(scope: String, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM safety_scan WHERE scope = \(scope)")
    }

    /// Removes scans since a moment that could not be used, so that they are asked for again.
    package func forgetFailures(scope: String, since moment: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute(
            "DELETE FROM safety_scan WHERE scope = \(scope) AND valid = \(false) AND created_at >= \(moment)")
    }
}

extension SafetyScan {
    init(row: Row) throws {
        self.init(
            text: ContentHash(stored: try row.string("text_hash")), flags: SafetyFlags(json: try row.json("flags")),
            evidence: try row.string("evidence"), valid: try row.bool("valid"),
            invalidReason: try row.optionalString("invalid_reason"), cost: try row.optionalMoney("cost_nano"))
    }
}
