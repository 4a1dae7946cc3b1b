import EdisonCore
import EdisonSQL
import EdisonTestKit
import Synchronization
import Testing

/// Many writers at once, whose transactions SQLite commits together.
@Suite("Transactions that are committed together")
struct GroupCommitTests {
    private struct Refused: Error, Equatable { let number: Int }

    private final class Announced: Sendable {
        private let state = Mutex<Set<Int>>([])
        func add(_ number: Int) { state.withLock { _ = $0.insert(number) } }
        var numbers: Set<Int> { state.withLock(\.self) }
    }

    private func table(_ database: Database) async throws {
        try await database.write { db in
            try db.execute("CREATE TABLE row (n BIGINT NOT NULL PRIMARY KEY, part BIGINT NOT NULL)")
        }
    }

    private func stored(_ database: Database) async throws -> [Int] {
        try await database.read { db in try db.fetch("SELECT n FROM row ORDER BY n").map { try $0.int("n") } }
    }

    @Test("each is all or nothing by itself, and hears of its own end", arguments: TestDatabase.allCases)
    func apart(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await table(database)
            let announced = Announced()
            let failed = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        do {
                            let returned = try await database.write { db in
                                db.afterCommit { announced.add(number) }
                                try db.execute("INSERT INTO row (n, part) VALUES (\(number), 1)")
                                try db.execute("UPDATE row SET part = 2 WHERE n = \(number)")
                                if number % 7 == 3 { throw Refused(number: number) }
                                return number
                            }
                            #expect(returned == number)
                            return nil
                        } catch let refusal as Refused {
                            #expect(refusal.number == number)
                            return number
                        }
                    }
                }
                return try await group.reduce(into: Set<Int>()) { if let number = $1 { $0.insert(number) } }
            }
            let kept = (0..<300).filter { $0 % 7 != 3 }
            #expect(failed == Set((0..<300).filter { $0 % 7 == 3 }))
            #expect(try await stored(database) == kept)
            #expect(announced.numbers == Set(kept), "only what is stored is announced")
        }
    }

    @Test("a broken rule of one fails that one", arguments: TestDatabase.allCases)
    func constraint(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await table(database)
            let conflicts = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<120 {
                    group.addTask {
                        do {
                            try await database.write { db in
                                try db.execute("INSERT INTO row (n, part) VALUES (\(number / 2), 1)")
                            }
                            return false
                        } catch { return (error as? EdisonError)?.code == .conflict }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(conflicts == 60)
            #expect(try await stored(database) == Array(0..<60))
        }
    }

    @Test("a statement that failed undoes its transaction even when its error was swallowed")
    func swallowed() async throws {
        try await TestDatabase.sqlite.empty { database in
            try await table(database)
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        try? await database.write { db in
                            try db.execute("INSERT INTO row (n, part) VALUES (\(number), 1)")
                            if number.isMultiple(of: 2) { _ = try? db.execute("INSERT INTO nowhere (n) VALUES (1)") }
                        }
                    }
                }
            }
            #expect(try await stored(database) == (0..<40).filter { !$0.isMultiple(of: 2) })
        }
    }

    @Test("a disk that fills up in the middle fails what did not fit, and keeps what was told to be stored")
    func full() async throws {
        try await TestDatabase.sqlite.empty { database in
            try await database.write { db in try db.execute("CREATE TABLE row (n BIGINT NOT NULL, b BLOB)") }
            try await database.write { db in _ = try db.fetch("PRAGMA max_page_count = 60") }
            let told = await withTaskGroup(of: Int?.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        do {
                            try await database.write { db in
                                let bytes = [UInt8](repeating: 1, count: 12_000)
                                try db.execute("INSERT INTO row (n, b) VALUES (\(number), \(bytes))")
                            }
                            return number
                        } catch {
                            #expect((error as? EdisonError)?.message.contains("is full") == true, "\(error)")
                            return nil
                        }
                    }
                }
                return await group.reduce(into: [Int]()) { if let number = $1 { $0.append(number) } }
            }
            #expect(told.count > 10 && told.count < 100)
            #expect(try await stored(database) == told.sorted())
        }
    }
}
