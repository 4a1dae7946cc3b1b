import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Statements")
struct StatementTests {
    static func table(_ db: any DatabaseConnection) throws {
        try db.execute("CREATE TABLE note (id TEXT NOT NULL PRIMARY KEY, size BIGINT NOT NULL, body TEXT)")
    }

    @Test("an attempt at injection stays data", arguments: TestDatabase.allCases)
    func injection(_ kind: TestDatabase) async throws {
        let attempts = [
            "x'; DROP TABLE note; --", "' OR '1'='1", "\"; DELETE FROM note; --", "$1", "?", "\\'; SELECT 1; --",
            "x') ON CONFLICT DO NOTHING; --", "\u{2019}; DROP TABLE note",
        ]
        try await kind.empty { database in
            try await database.write { db in
                try Self.table(db)
                for attempt in attempts { try db.execute("INSERT INTO note (id, size) VALUES (\(attempt), \(1))") }
            }
            try await database.read { db in
                for attempt in attempts {
                    let found = try db.fetch("SELECT id FROM note WHERE id = \(attempt)")
                    #expect(try found.map { try $0.string("id") } == [attempt])
                }
                #expect(try db.fetch("SELECT id FROM note WHERE id IN (\(list: attempts))").count == attempts.count)
                #expect(try db.fetch("SELECT id FROM note").count == attempts.count)
            }
        }
    }

    @Test("placeholders keep their order, repeat, and take long lists", arguments: TestDatabase.allCases)
    func placeholders(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await database.write { db in
                try Self.table(db)
                for size in 0..<20 { try db.execute("INSERT INTO note (id, size) VALUES (\("n\(size)"), \(size))") }
            }
            try await database.read { db in
                let rows = try db.fetch(
                    """
                    SELECT size, \("a?b$1") AS label FROM note
                    WHERE size >= \(5) AND size < \(8) AND size <> \(6) ORDER BY size LIMIT \(10)
                    """)
                #expect(try rows.map { try $0.int("size") } == [5, 7])
                #expect(try rows.map { try $0.string("label") } == ["a?b$1", "a?b$1"])
                let none: [String] = []
                #expect(try db.fetch("SELECT id FROM note WHERE id IN (\(list: none))").isEmpty)
                let many = (0..<20_000).map { "n\($0)" }
                #expect(try db.fetch("SELECT id FROM note WHERE id IN (\(list: many))").count == 20)
            }
        }
    }

    @Test("a bound value has its own type also where nothing else says it", arguments: TestDatabase.allCases)
    func types(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await database.read { db in
                let now = Timestamp(microseconds: 1_763_990_400_000_000)
                let row = try #require(
                    try db.fetchOne(
                        """
                        SELECT \(now) - 60000000 AS earlier, \(0.5) * 3 AS product, \("x") AS name,
                               CASE WHEN \(true) = 1 THEN 'yes' ELSE 'no' END AS flag, \(nil as Int?) AS absent
                        """))
                #expect(try row.int64("earlier") == 1_763_990_340_000_000)
                #expect(try row.double("product") == 1.5)
                #expect(try row.string("name") == "x")
                #expect(try row.string("flag") == "yes")
                #expect(try row.optionalString("absent") == nil)
            }
        }
    }

    @Test("sums, means and counts read alike", arguments: TestDatabase.allCases)
    func aggregates(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            let row = try await database.write { db in
                try Self.table(db)
                try db.execute("INSERT INTO note (id, size) VALUES ('a', 1), ('b', 2), ('c', 4611686018427387904)")
                return try #require(
                    try db.fetchOne(
                        """
                        SELECT COUNT(*) AS n, SUM(size) AS total, AVG(CASE WHEN size < 3 THEN size END) AS mean,
                               SUM(CASE WHEN size > 9000000000000000000 THEN size END) AS absent, MAX(size) AS most,
                               COUNT(*) = 3 AS complete
                        FROM note
                        """))
            }
            #expect(try row.int("n") == 3)
            #expect(try row.int64("total") == 4_611_686_018_427_387_907)
            #expect(try row.double("mean") == 1.5)
            #expect(try row.optionalInt64("absent") == nil)
            #expect(try row.int64("most") == 1 << 62)
            #expect(try row.bool("complete"))
        }
    }

    @Test("the number of changed rows is that of the statement itself", arguments: TestDatabase.allCases)
    func changes(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await database.write { db in
                try Self.table(db)
                #expect(try db.execute("INSERT INTO note (id, size) VALUES ('a', 1), ('b', 2)") == 2)
                #expect(try db.execute("CREATE TABLE other (id TEXT NOT NULL)") == 0)
                #expect(try db.execute("UPDATE note SET size = size + 1 WHERE size > \(100)") == 0)
                #expect(try db.execute("UPDATE note SET size = size + 1") == 2)
                #expect(try db.execute("INSERT INTO note (id, size) VALUES ('a', 9) ON CONFLICT DO NOTHING") == 0)
                let row = try db.fetchOne("DELETE FROM note WHERE id = 'a' RETURNING size")
                #expect(try row?.int("size") == 2)
            }
        }
    }

    @Test("a fault in the SQL is an error of the program", arguments: TestDatabase.allCases)
    func faults(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            let statements: [SQL] = ["SELEKT 1", "SELECT nothing FROM nowhere", "SELECT 1; SELECT 2"]
            for statement in statements {
                let error = try await #require(throws: EdisonError.self) {
                    try await database.write { db in _ = try db.fetch(statement) }
                }
                #expect(error.code == .internal)
            }
        }
    }

    @Test("of two columns with one name the first counts", arguments: TestDatabase.allCases)
    func duplicateNames(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            let row = try await database.read { db in try db.fetchOne("SELECT 1 AS n, 2 AS n") }
            #expect(try row?.int("n") == 1)
        }
    }

    @Test("the database's clock runs in microseconds since 1970", arguments: TestDatabase.allCases)
    func clock(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            let before = Timestamp.now
            let row = try await database.read { db in try db.fetchOne("SELECT \(db.dialect.databaseTime) AS now") }
            let now = try #require(try row?.timestamp("now"))
            // SQLite's has milliseconds.
            #expect(before.advanced(by: .milliseconds(-1)) <= now && now <= .now)
        }
    }
}
