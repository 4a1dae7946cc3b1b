import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Transactions")
struct TransactionTests {
    private func counters(_ kind: TestDatabase, _ use: (Database) async throws -> Void) async throws {
        try await kind.empty { database in
            try await database.write { db in
                try db.execute("CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)")
                try db.execute("INSERT INTO counter (name, n) VALUES ('a', 0), ('b', 0)")
            }
            try await use(database)
        }
    }

    private func count(_ database: Database, _ name: String = "a") async throws -> Int? {
        try await database.read { db in try db.fetchOne("SELECT n FROM counter WHERE name = \(name)")?.int("n") }
    }

    @Test("a transaction that throws leaves nothing behind", arguments: TestDatabase.allCases)
    func rollsBack(_ kind: TestDatabase) async throws {
        try await counters(kind) { database in
            await #expect(throws: CancellationError.self) {
                try await database.write { db in
                    try db.execute("UPDATE counter SET n = 7")
                    try db.execute("CREATE TABLE other (id TEXT NOT NULL)")
                    throw CancellationError()
                }
            }
            #expect(try await count(database) == 0)
            try await database.write { db in try db.execute("CREATE TABLE other (id TEXT NOT NULL)") }
        }
    }

    @Test("a swallowed failure stores nothing: the transaction is over", arguments: TestDatabase.allCases)
    func swallowedFailure(_ kind: TestDatabase) async throws {
        try await counters(kind) { database in
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    try db.execute("UPDATE counter SET n = 7")
                    _ = try? db.execute("INSERT INTO counter (name, n) VALUES ('a', 1)")
                }
            }
            #expect(error.brokenRule == .unique)
            #expect(try await count(database) == 0)
            let later = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    _ = try? db.execute("INSERT INTO counter (name, n) VALUES ('a', 1)")
                    try db.execute("UPDATE counter SET n = 7")
                }
            }
            #expect(later.message.contains("nothing more is done"))
            #expect(try await count(database) == 0)
        }
    }

    @Test("a savepoint undoes its own part and no more", arguments: TestDatabase.allCases)
    func savepoint(_ kind: TestDatabase) async throws {
        try await counters(kind) { database in
            try await database.write { db in
                try db.execute("UPDATE counter SET n = 1 WHERE name = 'a'")
                let error = try #require(throws: EdisonError.self) {
                    try db.savepoint {
                        try db.execute("UPDATE counter SET n = 2 WHERE name = 'b'")
                        try db.savepoint { try db.execute("UPDATE counter SET n = 3 WHERE name = 'b'") }
                        try db.execute("INSERT INTO counter (name, n) VALUES ('a', 1)")
                    }
                }
                #expect(error.brokenRule == .unique)
                try db.savepoint { try db.execute("INSERT INTO counter (name, n) VALUES ('c', 4)") }
            }
            #expect(try await count(database, "a") == 1)
            #expect(try await count(database, "b") == 0)
            #expect(try await count(database, "c") == 4)
        }
    }

    @Test("a statement cannot begin or end the transaction", arguments: TestDatabase.allCases)
    func control(_ kind: TestDatabase) async throws {
        try await counters(kind) { database in
            let statements: [SQL] = ["BEGIN", "  commit", "\nRollback", "END", "SAVEPOINT x", "start transaction"]
            for statement in statements {
                let error = try await #require(throws: EdisonError.self) {
                    try await database.write { db in
                        try db.execute("UPDATE counter SET n = 7")
                        try db.execute(statement)
                    }
                }
                #expect(error.code == .internal)
                #expect(try await count(database) == 0)
            }
        }
    }

    @Test("a read cannot write", arguments: TestDatabase.allCases)
    func readOnly(_ kind: TestDatabase) async throws {
        try await counters(kind) { database in
            let error = try await #require(throws: EdisonError.self) {
                try await database.read { db in _ = try db.execute("UPDATE counter SET n = 7") }
            }
            #expect(error.code == .internal)
            #expect(error.message.contains("read cannot change"))
            #expect(try await count(database) == 0)
        }
    }

    @Test("a read sees one moment, whatever is written meanwhile", arguments: TestDatabase.allCases)
    func snapshot(_ kind: TestDatabase) async throws {
        try await counters(kind) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for n in 1...200 {
                        try await database.write { db in
                            try db.execute("UPDATE counter SET n = \(n) WHERE name = 'a'")
                            try db.execute("UPDATE counter SET n = \(n) WHERE name = 'b'")
                        }
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<50 {
                            let (a, b, again) = try await database.read { db in
                                let a = try db.fetchOne("SELECT n FROM counter WHERE name = 'a'")?.int("n")
                                let b = try db.fetchOne("SELECT n FROM counter WHERE name = 'b'")?.int("n")
                                return (a, b, try db.fetchOne("SELECT n FROM counter WHERE name = 'a'")?.int("n"))
                            }
                            #expect(a == b && a == again)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await count(database) == 200)
        }
    }

    @Test("what waits for the commit comes after it, and never for what is undone", arguments: TestDatabase.allCases)
    func afterCommit(_ kind: TestDatabase) async throws {
        try await counters(kind) { database in
            let (told, telling) = AsyncStream<String>.makeStream()
            try await database.write { db in
                try db.execute("UPDATE counter SET n = 1")
                db.afterCommit { telling.yield("stored") }
                try? db.savepoint {
                    db.afterCommit { telling.yield("undone part") }
                    throw CancellationError()
                }
            }
            try? await database.write { db in
                db.afterCommit { telling.yield("undone") }
                throw CancellationError()
            }
            telling.finish()
            var heard: [String] = []
            for await message in told { heard.append(message) }
            #expect(heard == ["stored"])
        }
    }

    @Test("a cancelled task starts no transaction", arguments: TestDatabase.allCases)
    func cancelled(_ kind: TestDatabase) async throws {
        try await counters(kind) { database in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await database.write { db in try db.execute("UPDATE counter SET n = 7") }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let after = try await count(database)
            #expect(after == 0)
        }
    }
}
