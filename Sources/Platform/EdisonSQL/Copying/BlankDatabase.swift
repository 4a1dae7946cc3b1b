import EdisonCore

/// What a database holds that nobody has used yet: its tables, and the few rows that the migrations write.
package struct BlankDatabase: Sendable {
    package let tables: [Table]
    private let digests: [String: TableDigest]

    /// - Parameter database: one that was made and migrated this moment.
    package init(of database: Database) async throws {
        (tables, digests) = try await database.read { db in
            let tables = try TableCatalog.tables(in: db)
            return (tables, try Self.digests(of: tables, in: db))
        }
    }

    /// The content of a database by table.
    package static func digests(
        of tables: [Table], in db: any DatabaseConnection
    ) throws -> [String: TableDigest] {
        try Dictionary(
            uniqueKeysWithValues: tables.map { ($0.name, try TableContent(db: db, table: $0).digest()) })
    }

    /// The tables that hold something else than in a new database, with the numbers of their rows.
    package func filled(in db: any DatabaseConnection) throws -> [(table: String, rows: Int)] {
        try tables.compactMap { table in
            let content = TableContent(db: db, table: table)
            let rows = try content.count()
            // A large table is counted, not read.
            let isBlank = try rows == digests[table.name]?.rows && content.digest() == digests[table.name]
            return isBlank ? nil : (table.name, rows)
        }
    }

    /// Whether nobody has used a database whose migration was perhaps interrupted: no table holds more than the
    /// migrations write.
    package func isUnused(_ database: Database) async throws -> Bool {
        try await database.read { db in
            try TableCatalog.tables(in: db).allSatisfy { table in
                try TableContent(db: db, table: table).count() <= digests[table.name]?.rows ?? 0
            }
        }
    }
}
