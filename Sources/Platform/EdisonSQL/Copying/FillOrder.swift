import EdisonCore

/// The order in which empty tables are filled, so that whatever a row refers to is there before it.
///
/// Where tables refer to each other in a circle, or to themselves, a column that may be empty is filled afterwards.
package struct FillOrder: Sendable {
    package struct Step: Hashable, Sendable {
        package let table: Table
        /// Columns that are left empty at first.
        package let late: [String]
    }

    package private(set) var steps: [Step] = []

    package init(_ tables: [Table]) throws {
        var waiting = tables
        var placed: Set<String> = []
        var late: [String: Set<String>] = [:]
        for table in tables {
            for reference in table.references where reference.table == table.name {
                try Self.postpone(reference, of: table, &late)
            }
        }
        func blocking(_ table: Table) -> [Table.Reference] {
            table.references.filter { reference in
                reference.table != table.name && !placed.contains(reference.table)
                    && late[table.name, default: []].isDisjoint(with: reference.columns)
            }
        }
        while !waiting.isEmpty {
            if let index = waiting.firstIndex(where: { blocking($0).isEmpty }) {
                let table = waiting.remove(at: index)
                placed.insert(table.name)
                steps.append(Step(table: table, late: late[table.name, default: []].sorted()))
                continue
            }
            let candidate = waiting.lazy.flatMap { table in blocking(table).map { (table, $0) } }
                .first { Self.free($1, of: $0) != nil }
            guard let (table, reference) = candidate else {
                throw EdisonError(
                    .internal,
                    "The tables \(waiting.map(\.name).joined(separator: ", ")) refer to each other in a circle.")
            }
            try Self.postpone(reference, of: table, &late)
        }
    }

    /// One empty column is enough for a reference to say nothing.
    private static func free(_ reference: Table.Reference, of table: Table) -> String? {
        reference.columns.first { name in table.columns.contains { $0.name == name && !$0.isRequired } }
    }

    private static func postpone(
        _ reference: Table.Reference, of table: Table, _ late: inout [String: Set<String>]
    ) throws {
        guard let column = free(reference, of: table) else {
            throw EdisonError(.internal, "The table \(table.name) cannot be filled: each row needs another one first.")
        }
        late[table.name, default: []].insert(column)
    }
}
