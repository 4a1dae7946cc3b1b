import EdisonCore
import EdisonTestKit
import Foundation
import Testing

@testable import EdisonSQL

@Suite("Telling other processes what was stored", .timeLimit(.minutes(10)))
struct NoticeTests {
    /// Two databases at one place, as two processes have them.
    private func two(
        _ kind: TestDatabase, _ use: (_ here: Database, _ there: Database, _ place: String) async throws -> Void
    ) async throws {
        try await kind.place { place in
            let here = try await Database.open(place)
            let there = try await Database.open(place)
            try await here.write { db in try db.execute("CREATE TABLE kept (n BIGINT NOT NULL)") }
            try await use(here, there, place)
            await here.close()
            await there.close()
        }
    }

    /// What a listener heard, up to some words.
    private func heard(until last: String, _ notices: AsyncStream<Notice>) async -> [Notice] {
        var all: [Notice] = []
        for await notice in notices {
            all.append(notice)
            if notice == .payload(last) { break }
        }
        return all
    }

    @Test("what is stored is told once, in its order; what is undone is not told", arguments: TestDatabase.allCases)
    func here(_ kind: TestDatabase) async throws {
        try await two(kind) { here, _, _ in
            let notices = here.listen(to: "news")
            let others = here.listen(to: "other")
            await #expect(throws: CancellationError.self) {
                try await here.write { db in
                    db.notify("news", "undone")
                    throw CancellationError()
                }
            }
            try await here.write { db in
                db.notify("news", "one")
                try? db.savepoint {
                    db.notify("news", "undone in part")
                    throw CancellationError()
                }
                db.notify("news", "two\nlines")
                db.notify("news", "one")
                db.notify("other", "elsewhere")
                db.notify("news", "last")
            }
            let told = await heard(until: "last", notices).filter { $0 != .look }
            #expect(told == [.payload("one"), .payload("two\nlines"), .payload("last")])
            let elsewhere = await heard(until: "elsewhere", others).filter { $0 != .look }
            #expect(elsewhere == [.payload("elsewhere")])
        }
    }

    @Test("another process hears of it soon", arguments: TestDatabase.allCases)
    func there(_ kind: TestDatabase) async throws {
        try await two(kind) { here, there, _ in
            var notices = there.listen(to: "news").makeAsyncIterator()
            // The first one says that it listens.
            #expect(await notices.next() == .look)
            for n in 0..<5 {
                let began = ContinuousClock.now
                try await here.write { db in
                    try db.execute("INSERT INTO kept (n) VALUES (\(n))")
                    db.notify("news", "number \(n)")
                }
                let notice = await notices.next()
                // Nothing else would tell it within half a minute.
                #expect(began.duration(to: .now) < .seconds(5))
                #expect(notice == (kind == .sqlite ? .look : .payload("number \(n)")))
            }
            // More than PostgreSQL takes: who hears it looks.
            try await here.write { db in
                try db.execute("INSERT INTO kept (n) VALUES (5)")
                db.notify("news", String(repeating: "x", count: 9_000))
            }
            #expect(await notices.next() == .look)
        }
    }

    @Test("closing ends the streams, and later ones at once", arguments: TestDatabase.allCases)
    func closing(_ kind: TestDatabase) async throws {
        try await two(kind) { here, _, _ in
            let notices = here.listen(to: "news")
            await here.close()
            for await notice in notices { #expect(notice == .look) }
            for await _ in here.listen(to: "news") { Issue.record("heard something from a closed database") }
            #expect(here.board.count == 0)
        }
    }

    @Test("the log of a SQLite file that was watched is tidied up when it is closed")
    func tidy() async throws {
        try await TestDatabase.sqlite.place { place in
            let database = try await Database.open(place)
            try await database.write { db in try db.execute("CREATE TABLE kept (n BIGINT NOT NULL)") }
            var notices = database.listen(to: "news").makeAsyncIterator()
            #expect(await notices.next() == .look)
            await database.close()
            #expect(!FileManager.default.fileExists(atPath: place + "-wal"))
        }
    }

    /// Sessions that listen, of the processes that name themselves so.
    private static func listeners(_ name: String, _ database: Database) async throws -> [Int] {
        try await database.read { db in
            try db.fetch(
                """
                SELECT pid FROM pg_stat_activity
                WHERE application_name = \(name) AND query LIKE 'SELECT pg_notify%'
                """
            ).map { try $0.int("pid") }
        }
    }

    private static func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test("a hundred listeners share one session, which ends with the last of them")
    func shared() async throws {
        try await TestDatabase.postgres.place { place in
            let name = "edison-\(UUID().uuidString)"
            let watcher = try await Database.open(place)
            let database = try await Database.open("\(place)&application_name=\(name)")
            let tasks = (0..<100).map { _ in Task { for await _ in database.listen(to: "news") {} } }
            try await Self.until { database.board.count == 100 }
            try await Self.until { try await Self.listeners(name, watcher).count == 1 }
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await Self.listeners(name, watcher).count == 1)
            for task in tasks { task.cancel() }
            try await Self.until { try await Self.listeners(name, watcher).isEmpty }
            #expect(database.board.count == 0)
            await database.close()
            await watcher.close()
        }
    }

    @Test("a listener whose connection is lost connects again, and says that something may have been missed")
    func lost() async throws {
        try await TestDatabase.postgres.place { place in
            let name = "edison-\(UUID().uuidString)"
            let here = try await Database.open(place)
            let there = try await Database.open("\(place)&application_name=\(name)")
            var notices = there.listen(to: "news").makeAsyncIterator()
            #expect(await notices.next() == .look)
            for n in 0..<3 {
                try await Self.until { try await !Self.listeners(name, here).isEmpty }
                let session = try #require(try await Self.listeners(name, here).first)
                try await here.write { db in
                    _ = try db.fetch("SELECT pg_terminate_backend(CAST(\(session) AS INTEGER), 5000)")
                }
                try await Self.until { try await Self.listeners(name, here).contains { $0 != session } }
                try await here.write { db in db.notify("news", "heard \(n)") }
                var isTold = false
                while let notice = await notices.next() {
                    if notice == .payload("heard \(n)") { break }
                    isTold = isTold || notice == .look
                }
                #expect(isTold)
            }
            await here.close()
            await there.close()
        }
    }
}
