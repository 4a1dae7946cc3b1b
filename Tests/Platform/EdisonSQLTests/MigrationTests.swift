import EdisonCore
import EdisonSQL
import EdisonSchema
import EdisonTestKit
import Testing

@Suite("Migrations")
struct MigrationTests {
    private static let first = Migration(
        1, "One", ["CREATE TABLE one (id INTEGER NOT NULL PRIMARY KEY, r REAL, b BLOB) STRICT"])
    private static let second = Migration(2, "Two", ["CREATE TABLE two (id TEXT NOT NULL PRIMARY KEY) STRICT"])

    @Test("the product's schema migrates, and again without effect", arguments: TestDatabase.allCases)
    func product(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await Schema.migrate(database)
            let before = try await steps(database)
            try await Schema.migrate(database)
            #expect(try await steps(database) == before)
            #expect(before == Schema.migrations.map(\.number))
            #expect(before == before.sorted())
        }
    }

    private func steps(_ database: Database) async throws -> [Int] {
        try await database.read { db in
            try db.fetch("SELECT number FROM schema_migration ORDER BY number").map { try $0.int("number") }
        }
    }

    @Test("eight processes that start at once migrate once", arguments: TestDatabase.allCases)
    func concurrent(_ kind: TestDatabase) async throws {
        try await kind.place { place in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let database = try await Database.open(place)
                        try await Schema.migrate(database)
                        await database.close()
                    }
                }
                try await group.waitForAll()
            }
            let database = try await Database.open(place)
            #expect(try await steps(database) == Schema.migrations.map(\.number))
            await database.close()
        }
    }

    @Test("a database newer than the program is refused, with both numbers", arguments: TestDatabase.allCases)
    func newer(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await Migrator([Self.first, Self.second]).migrate(database)
            let error = try await #require(throws: EdisonError.self) {
                try await Migrator([Self.first]).migrate(database)
            }
            #expect(error.code == .conflict)
            #expect(error.message == "The database was written by a newer Edison (schema 2, this one knows 1).")
            #expect(error.detail != nil)
        }
    }

    @Test("a step that was changed afterwards is refused", arguments: TestDatabase.allCases)
    func changed(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await Migrator([Self.first]).migrate(database)
            let other = Migration(1, "One", ["CREATE TABLE other (id INTEGER) STRICT"])
            let error = try await #require(throws: EdisonError.self) {
                try await Migrator([other, Self.second]).migrate(database)
            }
            #expect(error.code == .conflict)
            #expect(error.message.contains("step 1"))
            #expect(try await steps(database) == [1])
        }
    }

    @Test("a step that fails leaves nothing of itself, and is done the next time", arguments: TestDatabase.allCases)
    func failing(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            let broken = Migration(2, "Two", Self.second.statements + ["CREATE TABLE one (id TEXT)"])
            await #expect(throws: EdisonError.self) { try await Migrator([Self.first, broken]).migrate(database) }
            #expect(try await steps(database) == [1])
            try await Migrator([Self.first, Self.second]).migrate(database)
            #expect(try await steps(database) == [1, 2])
        }
    }

    @Test("a step added between stored ones is done", arguments: TestDatabase.allCases)
    func between(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await Migrator([Self.second]).migrate(database)
            try await Migrator([Self.second, Self.first]).migrate(database)
            #expect(try await steps(database) == [1, 2])
        }
    }
}
