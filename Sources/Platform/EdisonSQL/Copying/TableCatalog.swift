import EdisonCore

/// Asks a database which tables it has.
package enum TableCatalog {
    /// The ledger of the migrations is each database's own.
    package static let ledger = "schema_migration"

    /// All tables in the order of their names, without the ledger.
    package static func tables(in db: any DatabaseConnection) throws -> [Table] {
        var columns: [String: [(column: Table.Column, place: Int)]] = [:]
        for row in try db.fetch(columnQuery(db.dialect)) {
            let column = Table.Column(name: try row.string("column_name"), isRequired: try row.bool("is_required"))
            columns[try row.string("table_name"), default: []].append((column, try row.int("key_place")))
        }
        var references: [String: [String: Table.Reference]] = [:]
        for row in try db.fetch(referenceQuery(db.dialect)) {
            let (table, name) = (try row.string("table_name"), try row.string("name"))
            let known = references[table]?[name]?.columns ?? []
            references[table, default: [:]][name] = Table.Reference(
                columns: known + [try row.string("column_name")], table: try row.string("target"))
        }
        return columns.keys.filter { $0 != ledger }.sorted(by: isBefore).map { name in
            let own = columns[name] ?? []
            return Table(
                name: name, columns: own.map(\.column).sorted { isBefore($0.name, $1.name) },
                key: own.filter { $0.place > 0 }.sorted { $0.place < $1.place }.map(\.column.name),
                references: (references[name] ?? [:]).values.sorted { isBefore($0.order, $1.order) })
        }
    }

    /// Whether the database has been migrated by Edison at any time.
    static func hasLedger(_ db: any DatabaseConnection) throws -> Bool {
        try db.fetchOne(ledgerQuery(db.dialect)) != nil
    }

    private static func ledgerQuery(_ dialect: Dialect) -> SQL {
        switch dialect {
        case .sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name = \(ledger)"
        case .postgres:
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = \(ledger)"
        }
    }

    private static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private static func columnQuery(_ dialect: Dialect) -> SQL {
        switch dialect {
        case .sqlite:
            """
            SELECT m.name AS table_name, c.name AS column_name, c."notnull" AS is_required, c.pk AS key_place
            FROM sqlite_master m, pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!'
            """
        case .postgres:
            """
            SELECT t.relname AS table_name, a.attname AS column_name, a.attnotnull AS is_required,
                   COALESCE((SELECT k.place FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                             WHERE i.indrelid = t.oid AND i.indisprimary AND k.number = a.attnum), 0) AS key_place
            FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
            WHERE t.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
              AND t.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            """
        }
    }

    private static func referenceQuery(_ dialect: Dialect) -> SQL {
        switch dialect {
        case .sqlite:
            """
            SELECT m.name AS table_name, CAST(f.id AS TEXT) AS name, f."table" AS target, f."from" AS column_name
            FROM sqlite_master m, pragma_foreign_key_list(m.name) f
            WHERE m.type = 'table' ORDER BY f.id, f.seq
            """
        case .postgres:
            """
            SELECT t.relname AS table_name, c.conname AS name, r.relname AS target, a.attname AS column_name
            FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
                 CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (number, place)
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
            WHERE c.contype = 'f'
              AND t.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            ORDER BY c.conname, k.place
            """
        }
    }
}

extension Table.Reference {
    fileprivate var order: String { "\(table) \(columns.joined(separator: " "))" }
}
