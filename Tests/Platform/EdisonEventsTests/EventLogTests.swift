import EdisonCore
import EdisonEvents
import EdisonSQL
import EdisonTestKit
import Testing

extension EventKind {
    static let counted: EventKind = "counted"
}

@Suite("Recording events")
struct EventLogTests {
    private let stream = EventStream("experiment/one")

    @Test("an event is stored with the change that it tells of, or not at all", arguments: TestDatabase.allCases)
    func joinsTransaction(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let log = EventLog(database: database, now: { Timestamp(microseconds: 42) })
            await #expect(throws: CancellationError.self) {
                try await database.write { db in
                    try log.record(.counted, ["n": 1], in: stream, db)
                    throw CancellationError()
                }
            }
            #expect(try await log.events(in: stream, after: 0).isEmpty)
            #expect(try await log.position(of: stream) == 0)

            let recorded = try await database.write { db in try log.record(.counted, ["n": 2], in: stream, db) }
            let events = try await log.events(in: stream, after: 0)
            #expect(events == [recorded])
            #expect(recorded.position == 1)
            #expect(recorded.payload == ["n": 2])
            #expect(recorded.recordedAt == Timestamp(microseconds: 42))
        }
    }

    @Test("positions count up without a gap in each stream, also with many writers", arguments: TestDatabase.allCases)
    func positions(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let log = EventLog(database: database)
            let streams = ["a", "b", "c"].map { EventStream($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<24 {
                    group.addTask {
                        for n in 0..<10 {
                            try? await database.write { db in
                                for stream in streams { try log.record(.counted, ["n": 1], in: stream, db) }
                                // Every fifth transaction is undone: its positions are given again.
                                if (writer + n) % 5 == 0 { throw CancellationError() }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            for stream in streams {
                let positions = try await log.events(in: stream, after: 0, limit: 1_000).map(\.position)
                #expect(positions == Array(1...192))
            }
        }
    }

    @Test("a page continues after a position", arguments: TestDatabase.allCases)
    func pages(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let log = EventLog(database: database)
            try await database.write { db in for _ in 0..<5 { try log.record(.counted, in: stream, db) } }
            #expect(try await log.events(in: stream, after: 0, limit: 2).map(\.position) == [1, 2])
            #expect(try await log.events(in: stream, after: 2, limit: 2).map(\.position) == [3, 4])
            #expect(try await log.events(in: stream, after: 4, limit: 2).map(\.position) == [5])
            #expect(try await log.events(in: stream, after: 5, limit: 2).isEmpty)
        }
    }

    @Test("old events are forgotten from the front; who needs them is told", arguments: TestDatabase.allCases)
    func forgetting(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            for n in 1...6 {
                let log = EventLog(database: database, now: { Timestamp(microseconds: Int64(n * 10)) })
                try await database.write { db in try log.record(.counted, in: stream, db) }
            }
            let log = EventLog(database: database)
            let forgotten = try await log.forget(before: Timestamp(microseconds: 40))
            #expect(forgotten == 3)
            #expect(try await log.events(in: stream, after: 3).map(\.position) == [4, 5, 6])
            let tooOld = try await #require(throws: EdisonError.self) { _ = try await log.events(in: stream, after: 2) }
            #expect(tooOld.code == .gone)

            try await log.forget(before: Timestamp(microseconds: 1_000))
            #expect(try await log.events(in: stream, after: 6).isEmpty)
            await #expect(throws: EdisonError.self) { _ = try await log.events(in: stream, after: 5) }
            let next = try await database.write { db in try log.record(.counted, in: stream, db) }
            #expect(next.position == 7)
        }
    }

    @Test("a position that was never given is refused", arguments: TestDatabase.allCases)
    func unknownPosition(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let log = EventLog(database: database)
            let error = try await #require(throws: EdisonError.self) { _ = try await log.events(in: stream, after: 9) }
            #expect(error.code == .gone)
        }
    }
}
