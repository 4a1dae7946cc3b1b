import EdisonCore
import EdisonSQL
import EdisonTestKit
import Foundation
import Synchronization
import Testing

/// What long readings wait for.
private final class Release: Sendable {
    let isGiven = Mutex(false)
}

@Suite("Glances", .timeLimit(.minutes(5)))
struct GlanceTests {
    private static func filled(_ database: Database) async throws {
        try await database.write { db in
            try db.execute("CREATE TABLE counter (n BIGINT NOT NULL)")
            try db.execute("INSERT INTO counter (n) VALUES (7)")
        }
    }

    private static func number(_ db: any DatabaseConnection) throws -> Int {
        try db.fetchOne("SELECT n FROM counter")?.int("n") ?? 0
    }

    @Test(
        "a glance sees what is stored, changes nothing, and tells errors as a reading does",
        arguments: TestDatabase.allCases)
    func sees(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await Self.filled(database)
            #expect(try await database.glance(Self.number) == 7)
            await #expect(throws: (any Error).self) {
                try await database.glance { db in try db.execute("UPDATE counter SET n = 8") }
            }
            await #expect(throws: (any Error).self) {
                try await database.glance { db in try db.fetch("SELECT nonsense") }
            }
            try await database.write { db in try db.execute("UPDATE counter SET n = n + 1") }
            #expect(try await database.glance(Self.number) == 8)
        }
    }

    @Test("glances beside long readings and writes all come to their end", arguments: TestDatabase.allCases)
    func beside(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await Self.filled(database)
            let release = Release()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await database.read { db in
                            while !release.isGiven.withLock(\.self) {
                                _ = try Self.number(db)
                                // One that only counts would keep the threads of all tasks.
                                Thread.sleep(forTimeInterval: 0.002)
                            }
                            return 0
                        }
                    }
                }
                for _ in 0..<100 { group.addTask { try await database.glance(Self.number) } }
                group.addTask {
                    try await database.write { db in try db.execute("UPDATE counter SET n = n") }
                    return 0
                }
                // By nobody who waits for a session or a thread himself: the readings may have them all.
                Thread.detachNewThread {
                    Thread.sleep(forTimeInterval: 0.3)
                    release.isGiven.withLock { $0 = true }
                }
                var sum = 0
                for try await number in group { sum += number }
                #expect(sum == 700)
            }
        }
    }

    @Test("a glance into a closed database says that it is closed", arguments: [TestDatabase.sqlite])
    func closed(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            await database.close()
            await #expect(throws: EdisonError.self) { try await database.glance(Self.number) }
        }
    }
}
