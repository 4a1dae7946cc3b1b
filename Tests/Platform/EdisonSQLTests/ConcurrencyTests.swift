import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Writers at the same time")
struct ConcurrencyTests {
    /// How a program may count up without losing anything.
    enum Way: CaseIterable { case inTheStatement, underLock, serially }

    private static func add(_ way: Way, _ database: Database) async throws {
        switch way {
        case .inTheStatement:
            try await database.write { db in try db.execute("UPDATE counter SET n = n + 1") }
        case .underLock:
            try await database.write { db in
                let n = try db.fetchOne("SELECT n FROM counter\(db.dialect.lockRows)")?.int("n") ?? 0
                try db.execute("UPDATE counter SET n = \(n + 1)")
            }
        case .serially:
            try await database.write(.serial) { db in
                let n = try db.fetchOne("SELECT n FROM counter")?.int("n") ?? 0
                try db.execute("UPDATE counter SET n = \(n + 1)")
            }
        }
    }

    @Test("64 tasks of three processes lose no increment", arguments: TestDatabase.allCases, Way.allCases)
    func increments(_ kind: TestDatabase, _ way: Way) async throws {
        try await kind.place { place in
            let databases = [
                try await Database.open(place), try await Database.open(place), try await Database.open(place),
            ]
            try await databases[0].write { db in
                try db.execute("CREATE TABLE counter (n BIGINT NOT NULL)")
                try db.execute("INSERT INTO counter (n) VALUES (0)")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<64 {
                    group.addTask { for _ in 0..<5 { try await Self.add(way, databases[task % 3]) } }
                }
                try await group.waitForAll()
            }
            let row = try await databases[1].read { db in try db.fetchOne("SELECT n FROM counter") }
            #expect(try row?.int("n") == 320)
            for database in databases { await database.close() }
        }
    }

    @Test("transactions that lock each other out are repeated until both are done", arguments: TestDatabase.allCases)
    func deadlocks(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await database.write { db in
                try db.execute("CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)")
                try db.execute("INSERT INTO counter (name, n) VALUES ('a', 0), ('b', 0)")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    let order = task % 2 == 0 ? ["a", "b"] : ["b", "a"]
                    group.addTask {
                        try await database.write { db in
                            for name in order { try db.execute("UPDATE counter SET n = n + 1 WHERE name = \(name)") }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let rows = try await database.read { db in try db.fetch("SELECT n FROM counter") }
            #expect(try rows.map { try $0.int("n") } == [8, 8])
        }
    }

    @Test("two serial transactions cannot both act on what the other changes", arguments: TestDatabase.allCases)
    func writeSkew(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await database.write { db in
                try db.execute("CREATE TABLE seat (name TEXT NOT NULL PRIMARY KEY)")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<16 {
                    group.addTask {
                        try await database.write(.serial) { db in
                            guard try db.fetch("SELECT name FROM seat").count < 3 else { return }
                            try db.execute("INSERT INTO seat (name) VALUES (\("guest \(task)"))")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.read { db in try db.fetch("SELECT name FROM seat").count } == 3)
        }
    }
}
