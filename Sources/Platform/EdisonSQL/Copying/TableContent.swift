import EdisonCore

/// Reads and writes whole tables, a few megabytes at a time.
struct TableContent {
    let db: any DatabaseConnection
    let table: Table

    /// About so many bytes are read at once, however large rows are.
    private static let batchBytes = 4 << 20
    private static let mostRows = 1_000
    /// SQLite takes 32,766 values in one statement, PostgreSQL twice as many.
    private static let mostValues = 8_000

    /// All rows in the order of the key, their values in the order of the table's columns.
    func read(_ body: ([[SQLValue]]) throws -> Void) throws {
        let places = table.key.compactMap { table.position(of: $0) }
        guard !places.isEmpty else {
            throw EdisonError(.internal, "The table \(table.name) has no primary key, so it cannot be read in parts.")
        }
        let order = Self.list(table.key)
        let columns = Self.list(table.columnNames)
        var last: [SQLValue]?
        // A table may begin with rows of megabytes.
        var limit = 8
        while true {
            let after: SQL = last.map { "WHERE (\(order)) > (\(Self.values([$0])))" } ?? ""
            let rows = try db.fetch(
                "SELECT \(columns) FROM \(Self.quoted(table.name)) \(after) ORDER BY \(order) LIMIT \(limit)")
            if rows.isEmpty { return }
            try body(rows.map(\.values))
            if rows.count < limit { return }
            last = rows.last.map { row in places.map { row.values[$0] } }
            let size = rows.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.size } } / rows.count
            limit = max(1, min(Self.mostRows, limit * 4, Self.batchBytes / max(1, size)))
        }
    }

    func digest() throws -> TableDigest {
        var digest = TableDigest()
        try read { rows in for row in rows { digest.add(row) } }
        return digest
    }

    func count() throws -> Int {
        try db.fetchOne("SELECT COUNT(*) AS number FROM \(Self.quoted(table.name))")?.int("number") ?? 0
    }

    func insert(_ rows: [[SQLValue]], leavingEmpty late: [String]) throws {
        let empty = late.compactMap { table.position(of: $0) }
        let size = max(1, Self.mostValues / max(1, table.columns.count))
        let columns = Self.list(table.columnNames)
        for start in stride(from: 0, to: rows.count, by: size) {
            let part = rows[start..<min(start + size, rows.count)].map { row in
                var row = row
                for place in empty { row[place] = .null }
                return row
            }
            try db.execute(
                "INSERT INTO \(Self.quoted(table.name)) (\(columns)) VALUES \(Self.values(part, inBrackets: true))")
        }
    }

    /// Fills the columns that `insert` left empty.
    func complete(_ rows: [[SQLValue]], _ late: [String]) throws {
        for row in rows {
            for column in late {
                guard let place = table.position(of: column), row[place] != .null else { continue }
                let key = table.key.compactMap { table.position(of: $0) }.map { row[$0] }
                try db.execute(
                    """
                    UPDATE \(Self.quoted(table.name)) SET \(Self.quoted(column)) = \(row[place])
                    WHERE (\(Self.list(table.key))) = (\(Self.values([key])))
                    """)
            }
        }
    }

    func clear() throws { try db.execute("DELETE FROM \(Self.quoted(table.name))") }

    /// So that rows that refer to each other can be deleted.
    func empty(_ column: String) throws {
        let column = Self.quoted(column)
        try db.execute("UPDATE \(Self.quoted(table.name)) SET \(column) = NULL WHERE \(column) IS NOT NULL")
    }

    private static func quoted(_ name: String) -> SQLFragment {
        SQLFragment(trusted: "\"\(name.replacing("\"", with: "\"\""))\"")
    }

    private static func list(_ names: [String]) -> SQLFragment {
        SQLFragment(trusted: names.map { quoted($0).text }.joined(separator: ", "))
    }

    private static func values(_ rows: [[SQLValue]], inBrackets: Bool = false) -> SQL {
        var text = SQL.Interpolation(literalCapacity: 0, interpolationCount: 0)
        for (index, row) in rows.enumerated() {
            if inBrackets { text.appendLiteral(index == 0 ? "(" : ", (") }
            for (place, value) in row.enumerated() {
                if place > 0 { text.appendLiteral(", ") }
                text.appendInterpolation(value)
            }
            if inBrackets { text.appendLiteral(")") }
        }
        return SQL(stringInterpolation: text)
    }
}

extension SQLValue: SQLBindable {
    package var sqlValue: SQLValue { self }

    fileprivate var size: Int {
        switch self {
        case .null, .integer, .real: 8
        case .text(let text): text.utf8.count
        case .blob(let bytes): bytes.count
        }
    }
}
