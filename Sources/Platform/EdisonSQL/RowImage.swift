package import EdisonCore

/// A row as JSON, by its columns: for archives that hold rows as they are.
package struct RowImage: Sendable {
    package var members: [(column: String, value: JSONValue)]

    package init(_ row: Row) throws {
        members = try row.columns.sorted { $0.value < $1.value }.map { name, index in
            switch row.values[index] {
            case .null: (name, .null)
            case .integer(let value): (name, .integer(value))
            case .real(let value): (name, .number(value))
            case .text(let text): (name, .string(text))
            case .blob: throw EdisonError(.internal, "The column \"\(name)\" holds bytes, which no archive has.")
            }
        }
    }

    package init(json: JSONObject) { members = json.members.map { ($0.key, $0.value) } }

    package var json: JSONObject { JSONObject(members.map { ($0.column, $0.value) }) }

    package subscript(column: String) -> JSONValue? {
        get { members.first { $0.column == column }?.value }
        set {
            members.removeAll { $0.column == column }
            if let newValue { members.append((column, newValue)) }
        }
    }

    /// - Parameter columns: those that are taken; others of the image are left out.
    package func insertion(into table: SQLFragment, columns: Set<String>) throws -> SQL {
        let taken = members.filter { columns.contains($0.column) }
        var names = ""
        var values: [SQLValue] = []
        for (column, value) in taken {
            names += (names.isEmpty ? "" : ", ") + column
            switch value {
            case .null: values.append(.null)
            case .integer(let value): values.append(.integer(value))
            case .number(let value): values.append(.real(value))
            case .string(let text): values.append(.text(text))
            case .bool, .array, .object:
                throw EdisonError(.invalid, "A row of the archive holds no plain value in \"\(column)\".")
            }
        }
        let list = values.map { SQL(value: $0) }
        var joined: SQL = ""
        for (index, value) in list.enumerated() { joined = index == 0 ? value : "\(joined), \(value)" }
        return "INSERT INTO \(table) (\(SQLFragment(trusted: names))) VALUES (\(joined))"
    }
}

extension SQL {
    fileprivate init(value: SQLValue) { self.init(parts: [.value(value)]) }

}
