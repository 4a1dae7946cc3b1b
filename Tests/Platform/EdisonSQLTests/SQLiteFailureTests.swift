import EdisonCore
import EdisonSQL
import EdisonTestKit
import Foundation
import Testing

@Suite("What can go wrong with a SQLite file")
struct SQLiteFailureTests {
    private func failure(opening place: String) async -> EdisonError? {
        do {
            let database = try await Database.open(place)
            await database.close()
            return nil
        } catch { return error as? EdisonError }
    }

    @Test("a full disk is told as such, and what was stored stays")
    func full() async throws {
        try await TestDatabase.sqlite.empty { database in
            try await database.write { db in
                try db.execute("CREATE TABLE kept (b BLOB)")
                try db.execute("INSERT INTO kept (b) VALUES (\(Array(repeating: UInt8(1), count: 1_000)))")
            }
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    _ = try db.fetch("PRAGMA max_page_count = 20")
                    for _ in 0..<100 {
                        try db.execute("INSERT INTO kept (b) VALUES (\(Array(repeating: UInt8(2), count: 100_000)))")
                    }
                }
            }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("is full"))
            #expect(error.detail?.contains("Free some space") == true)
            #expect(try await database.read { db in try db.fetch("SELECT b FROM kept").count } == 1)
            try await database.write { db in
                _ = try db.fetch("PRAGMA max_page_count = 1000000")
                try db.execute("INSERT INTO kept (b) VALUES (NULL)")
            }
        }
    }

    @Test("a database that another process keeps busy is told as such, and is used when it is free")
    func busy() async throws {
        try await TestDatabase.sqlite.place { place in
            let database = try await Database.open(place)
            try await database.write { db in try db.execute("CREATE TABLE kept (n BIGINT NOT NULL)") }
            let other = try await Database.open(place)
            let (held, hold) = AsyncStream<Void>.makeStream()
            let holder = Task {
                try await other.write { db in
                    try db.execute("INSERT INTO kept (n) VALUES (1)")
                    hold.finish()
                    // Longer than a process waits for another.
                    Thread.sleep(forTimeInterval: 12)
                }
            }
            for await _ in held {}
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in try db.execute("INSERT INTO kept (n) VALUES (2)") }
            }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("is busy with another process"))
            #expect(error.detail?.contains("--database") == true)
            try await holder.value
            try await database.write { db in try db.execute("INSERT INTO kept (n) VALUES (3)") }
            #expect(try await database.read { db in try db.fetch("SELECT n FROM kept").count } == 2)
            await other.close()
            await database.close()
        }
    }

    @Test("a connection that may not write says so")
    func queryOnly() async throws {
        try await TestDatabase.sqlite.empty { database in
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    _ = try db.fetch("PRAGMA query_only = 1")
                    try db.execute("CREATE TABLE kept (b BLOB)")
                }
            }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("is read-only"))
        }
    }

    @Test("a file without the right to write is told as such")
    func readOnlyFile() async throws {
        try await TestDatabase.sqlite.place { place in
            let database = try await Database.open(place)
            try await database.write { db in try db.execute("CREATE TABLE kept (b BLOB)") }
            await database.close()
            let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
            try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: place)
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
            let error = try #require(await UnprivilegedOpening.failure(place))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
            #expect(error.code == .unavailable)
            #expect(error.message.contains("read-only") || error.message.contains("Cannot open"))
            #expect(error.detail?.contains("writable") == true || error.detail?.contains("written") == true)
        }
    }

    @Test("a folder without the right to enter is told as such")
    func closedFolder() async throws {
        try await TestDatabase.sqlite.place { place in
            let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
            try FileManager.default.setAttributes([.posixPermissions: 0o000], ofItemAtPath: folder)
            for name in ["edison.db", "deeper/edison.db"] {
                let error = try #require(await UnprivilegedOpening.failure("\(folder)/\(name)"))
                #expect(error.code == .unavailable)
                #expect(error.message == "Cannot open the database \(folder)/\(name).")
                #expect(error.detail?.contains("folder") == true)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
        }
    }

    @Test("what is not a database is not opened, and not touched")
    func notADatabase() async throws {
        try await TestDatabase.sqlite.place { place in
            let text = String(repeating: "goal: sort a message\n", count: 100)
            try text.write(toFile: place, atomically: true, encoding: .utf8)
            let error = try #require(await failure(opening: place))
            #expect(error.code == .unavailable)
            #expect(error.message == "\(place) is not a usable SQLite database.")
            #expect(try String(contentsOfFile: place, encoding: .utf8) == text)

            let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
            #expect(await failure(opening: folder)?.code == .unavailable)
            let inside = await failure(opening: "\(place)/edison.db")
            #expect(inside?.message == "Cannot open the database \(place)/edison.db.")
        }
    }

    @Test("what names no file is refused", arguments: ["", "sqlite:", "mysql://root@127.0.0.1/x", "sqlite://x"])
    func places(_ place: String) async throws {
        #expect(await failure(opening: place)?.code == .invalid)
    }

    @Test("a closed database says so", arguments: TestDatabase.allCases)
    func closed(_ kind: TestDatabase) async throws {
        try await kind.place { place in
            let database = try await Database.open(place)
            await database.close()
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in _ = try db.fetch("SELECT 1 AS n") }
            }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("closed"))
            await #expect(throws: EdisonError.self) {
                try await database.read { db in _ = try db.fetch("SELECT 1 AS n") }
            }
            await database.close()
        }
    }
}
