import EdisonCore

/// One step of the schema: a number, a name, and statements that are never changed once released.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    /// Portable SQL; `INTEGER`, `REAL`, `TEXT`, `BLOB` and `STRICT` are translated where the database differs.
    package let statements: [String]

    package init(_ number: Int, _ name: String, _ statements: [String]) {
        self.number = number
        self.name = name
        self.statements = statements
    }

    var checksum: String { ContentHash(of: statements.joined(separator: ";\n")).text }
}

/// Brings a database to the schema of this program, each step in a transaction of its own.
package struct Migrator: Sendable {
    package let migrations: [Migration]

    package init(_ migrations: [Migration]) { self.migrations = migrations.sorted { $0.number < $1.number } }

    package func migrate(_ database: Database) async throws {
        try await database.write { db in
            try db.execute(
                SQL(
                    stringLiteral: db.dialect.schema(
                        """
                        CREATE TABLE IF NOT EXISTS schema_migration (
                            number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
                            applied_at INTEGER NOT NULL) STRICT
                        """)))
        }
        for migration in migrations {
            try await database.write { db in
                try refuseNewer(db)
                try apply(migration, db)
            }
        }
    }

    /// A newer program may rely on what this one would not write.
    private func refuseNewer(_ db: any DatabaseConnection) throws {
        let newest = migrations.last?.number ?? 0
        guard let row = try db.fetchOne("SELECT number, name FROM schema_migration WHERE number > \(newest) ORDER BY number DESC")
        else { return }
        throw EdisonError(
            .conflict, "The database was written by a newer Edison (schema \(try row.int("number")), this one knows \(newest)).",
            detail: "Use that version, or another database with --database.")
    }

    private func apply(_ migration: Migration, _ db: any DatabaseConnection) throws {
        // PostgreSQL has many writers: the first process to lock the table migrates, the others find it done.
        if db.dialect.locksForMigration { try db.execute("LOCK TABLE schema_migration IN EXCLUSIVE MODE") }
        if let row = try db.fetchOne("SELECT checksum FROM schema_migration WHERE number = \(migration.number)") {
            guard try row.string("checksum") == migration.checksum else {
                throw EdisonError(
                    .conflict, "The database's schema step \(migration.number) differs from this program's.",
                    detail: "It was made by a development version; use another database with --database.")
            }
            return
        }
        for statement in migration.statements { try db.execute(SQL(stringLiteral: db.dialect.schema(statement))) }
        try db.execute(
            """
            INSERT INTO schema_migration (number, name, checksum, applied_at)
            VALUES (\(migration.number), \(migration.name), \(migration.checksum), \(Timestamp.now))
            """)
    }
}

extension Dialect {
    var locksForMigration: Bool { self == .postgres }
}
