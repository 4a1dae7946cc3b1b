import EdisonCore
import EdisonTestKit
import Testing

@testable import EdisonSQL

@Suite("Prepared statements of PostgreSQL")
struct PreparedStatementTests {
    private static func onServer(_ use: (Database, Database) async throws -> Void) async throws {
        try await TestDatabase.postgres.place { place in
            let database = try await Database.open(place)
            let other = try await Database.open(place)
            try await database.write { db in
                try db.execute("CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY, body TEXT)")
                for id in 0..<5 { try db.execute("INSERT INTO note (id, body) VALUES (\(id), \("n\(id)"))") }
            }
            try await use(database, other)
            await other.close()
            await database.close()
        }
    }

    private static func note(_ id: Int, _ database: Database) async throws -> Row? {
        try await database.read { db in try db.fetchOne("SELECT * FROM note WHERE id = \(id)") }
    }

    private static func prepared(_ database: Database) async throws -> [String] {
        try await database.read { db in
            try db.fetch("SELECT statement FROM pg_prepared_statements").map { try $0.string("statement") }
        }
    }

    @Test("a statement is prepared when it comes again, and one without values never")
    func again() async throws {
        try await Self.onServer { database, _ in
            #expect(try await Self.prepared(database).count == 1, "the insertion came five times")
            for id in 0..<3 { #expect(try await Self.note(id, database)?.string("body") == "n\(id)") }
            let texts = try await Self.prepared(database)
            #expect(
                texts.sorted() == [
                    "INSERT INTO note (id, body) VALUES ($1, $2)", "SELECT * FROM note WHERE id = $1",
                ])
        }
    }

    @Test("NULL and a value of the same statement are both stored")
    func nothing() async throws {
        try await Self.onServer { database, _ in
            let bodies: [String?] = ["x", nil, "y", nil, nil, "z"]
            for (id, body) in bodies.enumerated() {
                try await database.write { db in
                    try db.execute("UPDATE note SET body = \(body) WHERE id = \(id % 5)")
                }
                #expect(try await Self.note(id % 5, database)?.optionalString("body") == body)
            }
        }
    }

    @Test("a table that another process changes meanwhile is read as it is now")
    func changed() async throws {
        try await Self.onServer { database, other in
            for id in 0..<3 { _ = try await Self.note(id, database) }
            try await other.write { db in
                try db.execute("ALTER TABLE note ADD COLUMN size BIGINT NOT NULL DEFAULT 7")
            }
            for id in 0..<5 {
                let row = try #require(try await Self.note(id, database))
                #expect(try row.int("size") == 7)
                #expect(try row.string("body") == "n\(id)")
            }
        }
    }

    @Test("behind a pooler that changes sessions, statements are sent whole")
    func pooled() async throws {
        try await Self.onServer { database, _ in
            for id in 0..<3 { _ = try await Self.note(id, database) }
            // What a transaction sees that is given another session of the server than the one before it.
            try await database.write { db in try db.execute("DEALLOCATE ALL") }
            for id in 0..<5 {
                try await database.write { db in try db.execute("UPDATE note SET body = \("new") WHERE id = \(id)") }
                #expect(try await Self.note(id, database)?.string("body") == "new")
            }
            #expect(try await Self.prepared(database).isEmpty)
        }
    }

    @Test("ever other statements do not fill the server")
    func many() async throws {
        try await Self.onServer { database, _ in
            for length in 1...(PreparedStatements.most + 40) {
                for _ in 0..<2 {
                    let found = try await database.read { db in
                        try db.fetch("SELECT id FROM note WHERE id IN (\(list: Array(0..<length)))").count
                    }
                    #expect(found == min(length, 5))
                }
            }
            let count = try await Self.prepared(database).count
            #expect(count > 0 && count <= PreparedStatements.most)
        }
    }

    @Test("a failure of a prepared statement is told as any other, and the statement works on")
    func failure() async throws {
        try await Self.onServer { database, _ in
            for id in 5..<8 {
                try await database.write { db in
                    try db.execute("INSERT INTO note (id, body) VALUES (\(id), \("more"))")
                }
            }
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    try db.execute("INSERT INTO note (id, body) VALUES (\(1), \("twice"))")
                }
            }
            #expect(error.brokenRule == .unique)
            try await database.write { db in
                try db.execute("INSERT INTO note (id, body) VALUES (\(8), \("after"))")
            }
            #expect(try await Self.note(8, database)?.string("body") == "after")
        }
    }
}
