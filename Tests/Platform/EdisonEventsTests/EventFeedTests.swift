import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@testable import EdisonEvents

@Suite("Following events", .timeLimit(.minutes(6)))
struct EventFeedTests {
    private let stream = EventStream("experiment/one")

    private func record(_ count: Int, _ log: EventLog, _ database: Database) async throws {
        for _ in 0..<count {
            try await database.write { db in try log.record(.counted, in: stream, db) }
        }
    }

    /// Waits, without a clock, for what another task is about to do; gives up at the test's time limit.
    private func until(_ condition: () async throws -> Bool) async rethrows {
        while try await !condition(), !Task.isCancelled { await Task.yield() }
    }

    /// The next positions of a feed.
    private func positions(_ count: Int, of feed: EventFeed) async throws -> [Int64] {
        var positions: [Int64] = []
        for try await event in feed {
            positions.append(event.position)
            if positions.count == count { break }
        }
        return positions
    }

    @Test("followers join while events come in: each gets all, once, in order", arguments: TestDatabase.allCases)
    func joining(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let log = EventLog(database: database)
            let total = 300
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        for _ in 0..<(total / 6) {
                            try await database.write { db in try log.record(.counted, in: stream, db) }
                        }
                    }
                }
                for follower in 0..<12 {
                    group.addTask {
                        // Each joins later than the one before, from a position that exists by then.
                        let start = Int64(follower * 10)
                        try await until { try await log.position(of: stream) >= start }
                        let seen = try await positions(total - Int(start), of: log.follow(stream, after: start))
                        #expect(seen == Array((start + 1)...Int64(total)))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("a slow follower with a buffer of one misses nothing", arguments: TestDatabase.allCases)
    func slow(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let log = EventLog(database: database)
            var iterator = log.follow(stream, after: 0, buffer: 1).makeAsyncIterator()
            try await record(3, log, database)
            var seen: [Int64] = []
            for _ in 0..<3 { seen.append(try await iterator.next()?.position ?? 0) }
            try await record(40, log, database)
            for _ in 0..<40 { seen.append(try await iterator.next()?.position ?? 0) }
            #expect(seen == Array(1...43))
        }
    }

    @Test("what comes out of order is put in order", arguments: TestDatabase.allCases)
    func outOfOrder(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let log = EventLog(database: database)
            let other = EventLog(database: database)
            try await record(1, log, database)
            let hub = EventHub()
            let feed = EventFeed(log: log, hub: hub, stream: stream, position: 0, buffer: 8)
            var iterator = feed.makeAsyncIterator()
            let first = try await iterator.next()
            try await record(3, other, database)
            let events = try await log.events(in: stream, after: 1)
            for index in [1, 0, 2, 1] { hub.send(.event(events[index]), to: stream) }
            var seen: [Int64] = [first?.position ?? 0]
            for _ in 0..<3 { seen.append(try await iterator.next()?.position ?? 0) }
            #expect(seen == [1, 2, 3, 4])
            hub.close()
            let end = try await iterator.next()
            #expect(end == nil)
        }
    }

    @Test("what another process stored is found when it is announced", arguments: TestDatabase.allCases)
    func announced(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let here = EventLog(database: database)
            let elsewhere = EventLog(database: database)
            try await record(1, here, database)
            var iterator = here.follow(stream, after: 0).makeAsyncIterator()
            let first = try await iterator.next()
            try await record(2, elsewhere, database)
            here.announce(stream)
            let rest = [try await iterator.next(), try await iterator.next()]
            #expect(([first] + rest).map { $0?.position } == [1, 2, 3])
        }
    }

    @Test("streams do not hear each other", arguments: TestDatabase.allCases)
    func apart(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let log = EventLog(database: database)
            let other = EventStream("experiment", ID<EventStream>("two"))
            try await database.write { db in
                try log.record(.counted, ["of": "one"], in: stream, db)
                try log.record(.counted, ["of": "two"], in: other, db)
            }
            var iterator = log.follow(other, after: 0).makeAsyncIterator()
            let event = try await iterator.next()
            #expect(event?.payload == ["of": "two"])
            #expect(event?.position == 1)
        }
    }

    @Test("who is cancelled is forgotten; closing ends the rest", arguments: TestDatabase.allCases)
    func endings(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let log = EventLog(database: database)
            let hub = EventHub()
            let feed = EventFeed(log: log, hub: hub, stream: stream, position: 0, buffer: 8)
            let cancelled = Task { for try await _ in feed {} }
            await until { hub.count > 0 }
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            await until { hub.count == 0 }

            let ended = Task {
                var count = 0
                for try await _ in feed { count += 1 }
                return count
            }
            await until { hub.count > 0 }
            hub.close()
            let count = try await ended.value
            #expect(count == 0)
            let late = try await positions(1, of: feed)
            #expect(late.isEmpty)
        }
    }
}
