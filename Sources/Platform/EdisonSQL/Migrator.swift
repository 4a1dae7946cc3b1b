import EdisonCore

/// Brings a database to the schema of this program, each step in a transaction of its own.
package struct Migrator: Sendable {
    package let migrations: [Migration]

    package init(_ migrations: [Migration]) { self.migrations = migrations.sorted { $0.number < $1.number } }

    /// Does nothing when the schema is up to date, so several processes may start at once.
    package func migrate(_ database: Database) async throws {
        let missing = try await database.write { db in
            try lock(db)
            try requireOwn(db, database)
            try db.execute(SQL(stringLiteral: db.dialect.schema(Self.ledger)))
            return try missingSteps(db)
        }
        for migration in missing {
            try await database.write { db in
                try lock(db)
                // Another process may have got this far, or further, in the meantime.
                guard try missingSteps(db).contains(where: { $0.number == migration.number }) else { return }
                try apply(migration, db)
            }
        }
    }

    /// The steps that are still to be done, without doing them; refuses what `migrate` refuses.
    package func missing(in database: Database) async throws -> [Migration] {
        try await database.read { db in
            try requireOwn(db, database)
            return try TableCatalog.hasLedger(db) ? missingSteps(db) : migrations
        }
    }

    /// A file with tables that are not ours is somebody else's. On a server several programs may share a database.
    private func requireOwn(_ db: any DatabaseConnection, _ database: Database) throws {
        guard !database.isServer, try !TableCatalog.hasLedger(db) else { return }
        let others = try TableCatalog.tables(in: db).map(\.name)
        if others.isEmpty { return }
        let shown = others.prefix(3).joined(separator: ", ") + (others.count > 3 ? ", …" : "")
        throw EdisonError(
            .conflict, "\(database.name) is the database of another program: it has the tables \(shown).",
            detail: "Name another file with --database.")
    }

    private static let ledger = """
        CREATE TABLE IF NOT EXISTS schema_migration (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT
        """

    /// PostgreSQL has many writers: the first process migrates, the others wait here and find it done.
    private func lock(_ db: any DatabaseConnection) throws {
        if let lock = db.dialect.migrationLock { _ = try db.fetch(lock) }
    }

    /// The steps that are still to be done; refuses a database that this program would damage.
    private func missingSteps(_ db: any DatabaseConnection) throws -> [Migration] {
        let newest = migrations.last?.number ?? 0
        var done: [Int: String] = [:]
        for row in try db.fetch("SELECT number, checksum FROM schema_migration ORDER BY number") {
            done[try row.int("number")] = try row.string("checksum")
        }
        if let stored = done.keys.max(), stored > newest {
            // A newer program may rely on what this one would not write.
            throw EdisonError(
                .conflict, "The database was written by a newer Edison (schema \(stored), this one knows \(newest)).",
                detail: "Use that version, or another database with --database.")
        }
        for migration in migrations {
            guard let checksum = done[migration.number], checksum != migration.checksum else { continue }
            throw EdisonError(
                .conflict, "The database's schema step \(migration.number) differs from this program's.",
                detail: "It was made by a development version; use another database with --database.")
        }
        return migrations.filter { done[$0.number] == nil }
    }

    private func apply(_ migration: Migration, _ db: any DatabaseConnection) throws {
        for statement in migration.statements { try db.execute(SQL(stringLiteral: db.dialect.schema(statement))) }
        try db.execute(
            """
            INSERT INTO schema_migration (number, name, checksum, applied_at)
            VALUES (\(migration.number), \(migration.name), \(migration.checksum), \(Timestamp.now))
            """)
    }
}
