/// A table as the database itself describes it, so that whoever copies a database can forget none.
package struct Table: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        package let name: String
        package let isRequired: Bool
    }

    /// A foreign key.
    package struct Reference: Hashable, Sendable {
        package let columns: [String]
        package let table: String
    }

    package let name: String
    /// By name, since two databases may have them in different orders.
    package let columns: [Column]
    /// The columns of the primary key, in its order.
    package let key: [String]
    package let references: [Reference]

    var columnNames: [String] { columns.map(\.name) }

    /// Where a column stands among the values of a row.
    func position(of column: String) -> Int? { columns.firstIndex { $0.name == column } }
}
