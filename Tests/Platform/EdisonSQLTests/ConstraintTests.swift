import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Broken rules of the schema")
struct ConstraintTests {
    @Test("each rule gives the same typed error on both databases", arguments: TestDatabase.allCases)
    func rules(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await database.write { db in
                try db.execute("CREATE TABLE parent (id TEXT NOT NULL PRIMARY KEY, slug TEXT UNIQUE)")
                try db.execute(
                    """
                    CREATE TABLE child (id TEXT NOT NULL PRIMARY KEY, parent_id TEXT NOT NULL REFERENCES parent (id),
                        age BIGINT NOT NULL CHECK (age > 0))
                    """)
                try db.execute("INSERT INTO parent (id, slug) VALUES ('p', 'one')")
                try db.execute("INSERT INTO child (id, parent_id, age) VALUES ('c', 'p', 1)")
            }
            let cases: [(SQL, ConstraintViolation.Rule, EdisonError.Code, String)] = [
                ("INSERT INTO parent (id) VALUES ('p')", .unique, .conflict, "This exists already."),
                ("INSERT INTO parent (id, slug) VALUES ('q', 'one')", .unique, .conflict, "This exists already."),
                (
                    "INSERT INTO child (id, parent_id, age) VALUES ('d', 'nobody', 1)", .reference, .conflict,
                    "This refers to something that does not exist, or something else still refers to it."
                ),
                (
                    "DELETE FROM parent WHERE id = 'p'", .reference, .conflict,
                    "This refers to something that does not exist, or something else still refers to it."
                ),
                ("INSERT INTO child (id, parent_id, age) VALUES ('d', 'p', NULL)", .required, .internal, ""),
                ("INSERT INTO child (id, parent_id, age) VALUES ('d', 'p', 0)", .check, .internal, ""),
            ]
            for (statement, rule, code, message) in cases {
                let error = try await #require(throws: EdisonError.self) {
                    try await database.write { db in _ = try db.execute(statement) }
                }
                #expect(error.brokenRule == rule)
                #expect(error.code == code)
                #expect(message.isEmpty || error.message == message)
            }
            #expect(try await database.read { db in try db.fetch("SELECT id FROM parent").count } == 1)
        }
    }
}
