import EdisonCore
import EdisonSchema
import EdisonTestKit
import Testing

@testable import EdisonSQL

@Suite("The order in which tables are filled")
struct FillOrderTests {
    private func table(_ name: String, _ references: [(column: String, table: String, required: Bool)] = []) -> Table {
        Table(
            name: name,
            columns: [Table.Column(name: "id", isRequired: true)]
                + references.map { Table.Column(name: $0.column, isRequired: $0.required) },
            key: ["id"], references: references.map { Table.Reference(columns: [$0.column], table: $0.table) })
    }

    private func order(_ tables: [Table]) throws -> [String] {
        try FillOrder(tables).steps.map { ([$0.table.name] + $0.late).joined(separator: " ") }
    }

    @Test("what is referred to comes first")
    func references() throws {
        let tables = [table("a", [("b_id", "b", true)]), table("b", [("c_id", "c", false)]), table("c")]
        #expect(try order(tables) == ["c", "b", "a"])
    }

    @Test("a table that refers to itself gets that column afterwards")
    func itself() throws { #expect(try order([table("a", [("parent", "a", false)])]) == ["a parent"]) }

    @Test("of a circle the column that may be empty waits")
    func circle() throws {
        let tables = [table("a", [("b_id", "b", true)]), table("b", [("a_id", "a", false)])]
        #expect(try order(tables) == ["b a_id", "a"])
    }

    @Test("a circle that nothing opens is refused, and so is a table that only refers to itself")
    func impossible() {
        let tables = [table("a", [("b_id", "b", true)]), table("b", [("a_id", "a", true)])]
        #expect(throws: EdisonError.self) { try FillOrder(tables) }
        #expect(throws: EdisonError.self) { try FillOrder([table("a", [("parent", "a", true)])]) }
    }

    @Test("both databases describe the product's tables alike, each with a key, and all can be filled")
    func product() async throws {
        var found: [[Table]] = []
        for kind in TestDatabase.allCases {
            try await kind.migrated { database in
                found.append(try await database.read { try TableCatalog.tables(in: $0) })
            }
        }
        let tables = try #require(found.first)
        #expect(found.allSatisfy { $0 == tables })
        #expect(tables.count > 30 && tables.allSatisfy { !$0.key.isEmpty })
        #expect(
            tables.allSatisfy { table in
                table.key.allSatisfy { key in table.columns.contains { $0.name == key && $0.isRequired } }
            })
        let filled = try FillOrder(tables).steps.map(\.table.name)
        #expect(filled.sorted() == tables.map(\.name))
        // Of every statement that makes a table, so that the list does not only agree with itself.
        let made = Set(
            Schema.migrations.flatMap(\.statements).compactMap { $0.firstMatch(of: /CREATE TABLE (\w+)/)?.1 }.map(
                String.init))
        let dropped = Set(
            Schema.migrations.flatMap(\.statements).compactMap { $0.firstMatch(of: /DROP TABLE (\w+)/)?.1 }.map(
                String.init))
        #expect(Set(filled) == made.subtracting(dropped))
    }
}
