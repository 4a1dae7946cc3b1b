import EdisonCore
import EdisonSchema
import EdisonTestKit
import Testing

@testable import EdisonSQL

@Suite("Copies of databases")
struct DatabaseCopyTests {
    /// Every pair of kinds.
    static let pairs = TestDatabase.allCases.flatMap { from in TestDatabase.allCases.map { (from, $0) } }

    private static let tables = Migration(
        1, "Tables",
        [
            """
            CREATE TABLE node (
                id TEXT NOT NULL PRIMARY KEY, parent TEXT REFERENCES node (id), t TEXT, i INTEGER, r REAL, b BLOB) STRICT
            """,
            """
            CREATE TABLE leaf (
                node_id TEXT NOT NULL REFERENCES node (id), number INTEGER NOT NULL, PRIMARY KEY (node_id, number)) STRICT
            """,
        ])

    private func withTwo(
        _ pair: (TestDatabase, TestDatabase), _ use: (Database, Database, BlankDatabase) async throws -> Void
    ) async throws {
        try await pair.0.empty { source in
            try await Migrator([Self.tables]).migrate(source)
            let blank = try await BlankDatabase(of: source)
            try await pair.1.empty { destination in
                try await Migrator([Self.tables]).migrate(destination)
                try await use(source, destination, blank)
            }
        }
    }

    private func fill(_ database: Database, nodes: Int = 300) async throws {
        let texts = [
            "", "'; DROP TABLE node; --", "é e\u{301} 🏳️‍🌈 \u{202E}", "\t\r\n\u{1}",
            String(repeating: "long ", count: 40_000),
        ]
        let integers: [Int64] = [0, -1, .max, .min, 9_007_199_254_740_993]
        let reals = [0.1, -1.5e-300, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1.0 / 3, 5, .infinity]
        try await database.write { db in
            for index in 0..<nodes {
                let isEmpty = index % 5 == 0
                try db.execute(
                    """
                    INSERT INTO node (id, t, i, r, b)
                    VALUES (\("n\(index)"), \(isEmpty ? nil : texts[index < 10 ? index % 5 : index % 4]),
                            \(isEmpty ? nil : integers[index % 5]), \(isEmpty ? nil : reals[index % 7]),
                            \(isEmpty ? nil : [UInt8](0...255).suffix(index % 256).map(\.self)))
                    """)
                try db.execute("INSERT INTO leaf (node_id, number) VALUES (\("n\(index)"), \(Int64(index) << 40))")
            }
            // Each refers to one that comes later in every order of ids.
            for index in 0..<nodes - 1 {
                try db.execute("UPDATE node SET parent = \("n\(index + 1)") WHERE id = \("n\(index)")")
            }
        }
    }

    private func rows(_ database: Database) async throws -> [[String: SQLValue]] {
        try await database.read { db in
            try db.fetch("SELECT id, parent, t, i, r, b FROM node").map { row in
                try Dictionary(
                    uniqueKeysWithValues: ["id", "parent", "t", "i", "r", "b"].map { ($0, try row.value($0)) })
            }.sorted { "\($0["id"]!)" < "\($1["id"]!)" }
        }
    }

    @Test("everything arrives as it was, from any kind to any kind", arguments: pairs)
    func everything(_ pair: (TestDatabase, TestDatabase)) async throws {
        try await withTwo(pair) { source, destination, blank in
            try await fill(source)
            let digests = try await DatabaseCopy(from: source, to: destination, blank: blank, isReplacing: false).run()
            #expect(digests.mapValues(\.rows) == ["node": 300, "leaf": 300])
            #expect(try await rows(source) == rows(destination))
            let found = try await destination.read { try BlankDatabase.digests(of: blank.tables, in: $0) }
            #expect(found == digests)
        }
    }

    @Test("a destination that holds something is refused with what it holds, and keeps it", arguments: pairs)
    func refused(_ pair: (TestDatabase, TestDatabase)) async throws {
        try await withTwo(pair) { source, destination, blank in
            try await fill(source, nodes: 3)
            try await destination.write { db in try db.execute("INSERT INTO node (id) VALUES ('mine')") }
            let error = try await #require(throws: EdisonError.self) {
                try await DatabaseCopy(from: source, to: destination, blank: blank, isReplacing: false).run()
            }
            #expect(error.code == .conflict && error.message.contains("1 in node"))
            #expect(try await rows(destination).map { $0["id"] } == [.text("mine")])
        }
    }

    @Test("a destination that is replaced holds what the source held, and nothing else", arguments: pairs)
    func replaced(_ pair: (TestDatabase, TestDatabase)) async throws {
        try await withTwo(pair) { source, destination, blank in
            try await fill(source, nodes: 20)
            try await fill(destination, nodes: 40)
            _ = try await DatabaseCopy(from: source, to: destination, blank: blank, isReplacing: true).run()
            #expect(try await rows(source) == rows(destination))
        }
    }

    @Test("a copy that fails on the way leaves the destination as it was", arguments: pairs)
    func undone(_ pair: (TestDatabase, TestDatabase)) async throws {
        try await withTwo(pair) { source, destination, blank in
            try await fill(source, nodes: 200)
            try await destination.write { db in try db.execute("DROP TABLE leaf") }
            try await destination.write { db in
                // As if its rows could not be stored: the last ones that come.
                try db.execute("CREATE TABLE leaf (node_id TEXT NOT NULL, number BIGINT NOT NULL CHECK (number < 99))")
            }
            await #expect(throws: EdisonError.self) {
                try await DatabaseCopy(from: source, to: destination, blank: blank, isReplacing: true).run()
            }
            #expect(try await rows(destination).isEmpty)
        }
    }

    @Test("what is written to the source meanwhile is not in the copy, and does not damage it", arguments: pairs)
    func snapshot(_ pair: (TestDatabase, TestDatabase)) async throws {
        try await withTwo(pair) { source, destination, blank in
            try await fill(source, nodes: 400)
            async let copying = DatabaseCopy(from: source, to: destination, blank: blank, isReplacing: false).run()
            for index in 0..<50 {
                try await source.write { db in
                    try db.execute("INSERT INTO node (id) VALUES (\("later \(index)"))")
                    try db.execute("INSERT INTO leaf (node_id, number) VALUES (\("later \(index)"), 1)")
                }
            }
            let digests = try await copying
            // Each later node has its leaf, however many of them were there when the copy began.
            #expect(digests["node"]?.rows == digests["leaf"]?.rows)
        }
    }

    @Test("one other value is another digest, and the order of rows is none")
    func digests() {
        func digest(_ rows: [[SQLValue]]) -> TableDigest {
            var digest = TableDigest()
            for row in rows { digest.add(row) }
            return digest
        }
        let rows: [[SQLValue]] = [[.text("a"), .integer(1)], [.text("b"), .null], [.text(""), .real(1)]]
        #expect(digest(rows) == digest(rows.reversed()))
        for other: [SQLValue] in [[.text("a"), .real(1)], [.text("a1"), .null], [.blob([97]), .integer(1)]] {
            #expect(digest([other] + rows.dropFirst()) != digest(rows))
        }
        #expect(digest([[.text("ab"), .text("c")]]) != digest([[.text("a"), .text("bc")]]))
        #expect(digest(rows + rows) != digest(rows))
    }

    @Test("a new database is blank, whichever kind it is", arguments: TestDatabase.allCases)
    func blank(_ kind: TestDatabase) async throws {
        let blank = try await Schema.blank()
        try await kind.migrated { database in
            #expect(try await database.read { try blank.filled(in: $0).map(\.table) } == [])
            try await database.write { db in
                try db.execute("UPDATE project SET name = 'Mine'")
            }
            #expect(try await database.read { try blank.filled(in: $0).map(\.table) } == ["project"])
        }
    }
}
