import EdisonCore
import EdisonSQL
import EdisonTestKit
import Foundation
import Testing

@testable import EdisonEvents

@Suite("Following what other processes record", .timeLimit(.minutes(6)))
struct OtherProcessTests {
    private let stream = EventStream("experiment/one")

    /// A log with a database of its own, as a process has it.
    private struct Site {
        let database: Database
        let log: EventLog

        init(_ place: String) async throws {
            database = try await Database.open(place)
            log = EventLog(database: database)
        }

        func record(_ count: Int, in stream: EventStream) async throws {
            for _ in 0..<count { try await database.write { db in try log.record(.counted, in: stream, db) } }
        }

        func close() async {
            log.close()
            await database.close()
        }
    }

    private func sites(_ count: Int, _ kind: TestDatabase, _ use: ([Site], String) async throws -> Void) async throws {
        try await kind.place { place in
            var sites: [Site] = []
            for _ in 0..<count { sites.append(try await Site(place)) }
            try await TestDatabase.migrate(sites[0].database)
            try await use(sites, place)
            for site in sites { await site.close() }
        }
    }

    @Test("an event is followed elsewhere soon", arguments: TestDatabase.allCases)
    func prompt(_ kind: TestDatabase) async throws {
        try await sites(2, kind) { sites, _ in
            var iterator = sites[1].log.follow(stream, after: 0).makeAsyncIterator()
            try await sites[0].record(1, in: stream)
            #expect(try await iterator.next()?.position == 1)
            var longest = Duration.zero
            for n in 2...20 {
                let began = ContinuousClock.now
                try await sites[0].record(1, in: stream)
                #expect(try await iterator.next()?.position == Int64(n))
                longest = max(longest, began.duration(to: .now))
            }
            print("an event was followed elsewhere after \(longest) at most on \(kind)")
            #expect(longest < .seconds(5))
        }
    }

    @Test(
        "two processes with a hundred followers each: every one gets every event once, in order",
        arguments: TestDatabase.allCases)
    func crowd(_ kind: TestDatabase) async throws {
        try await sites(3, kind) { sites, _ in
            let streams = (0..<5).map { EventStream("experiment/\($0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for site in sites.prefix(2) {
                    for follower in 0..<100 {
                        group.addTask {
                            var seen: [Int64] = []
                            for try await event in site.log.follow(streams[follower % 5], after: 0) {
                                seen.append(event.position)
                                if seen.count == 60 { break }
                            }
                            #expect(seen == Array(1...60))
                        }
                    }
                }
                // One of those with followers, and one without.
                for site in [sites[0], sites[2]] {
                    group.addTask {
                        for _ in 0..<30 {
                            for stream in streams { try await site.record(1, in: stream) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            for site in sites { #expect(site.log.followers == 0) }
        }
    }

    @Test("what is recorded while the listener is lost is not lost")
    func lost() async throws {
        try await TestDatabase.postgres.place { place in
            let name = "edison-\(UUID().uuidString)"
            let here = try await Site(place)
            try await TestDatabase.migrate(here.database)
            let there = try await Site("\(place)&application_name=\(name)")
            let following = Task {
                var seen: [Int64] = []
                for try await event in there.log.follow(stream, after: 0) {
                    seen.append(event.position)
                    if seen.count == 100 { break }
                }
                return seen
            }
            for round in 0..<20 {
                // The listener, and sessions of the pool that lie idle.
                if round.isMultiple(of: 4) {
                    try await here.database.write { db in
                        _ = try db.fetch(
                            """
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE application_name = \(name) AND query LIKE 'SELECT pg_notify%'
                            """)
                    }
                }
                try await here.record(5, in: stream)
            }
            #expect(try await following.value == Array(1...100))
            await there.close()
            await here.close()
        }
    }

    @Test("a stream that is removed elsewhere tells its followers so", arguments: TestDatabase.allCases)
    func removed(_ kind: TestDatabase) async throws {
        try await sites(2, kind) { sites, _ in
            var iterator = sites[1].log.follow(stream, after: 0).makeAsyncIterator()
            try await sites[0].record(1, in: stream)
            #expect(try await iterator.next()?.position == 1)
            try await sites[0].database.write { db in try EventLog.delete(stream, in: db) }
            let error = try await #require(throws: EdisonError.self) { _ = try await iterator.next() }
            #expect(error.code == .gone)
        }
    }

    @Test("who follows from before what is kept is told, here and elsewhere", arguments: TestDatabase.allCases)
    func forgotten(_ kind: TestDatabase) async throws {
        try await sites(2, kind) { sites, _ in
            for n in 0..<60 { try await sites[0].record(2, in: EventStream("old/\(n)")) }
            let end = Timestamp.now.advanced(by: .seconds(1))
            try await sites[0].record(2, in: stream)
            #expect(try await sites[0].log.forget(before: end) == 122)
            var late = sites[1].log.follow(stream, after: 1).makeAsyncIterator()
            let error = try await #require(throws: EdisonError.self) { _ = try await late.next() }
            #expect(error.code == .gone)
            var current = sites[1].log.follow(stream, after: 2).makeAsyncIterator()
            try await sites[0].record(1, in: stream)
            #expect(try await current.next()?.position == 3)
        }
    }
}
