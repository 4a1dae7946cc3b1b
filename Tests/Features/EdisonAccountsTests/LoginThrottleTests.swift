import EdisonCore
import EdisonSQL
import EdisonTestKit
import EdisonWeb
import Testing

@testable import EdisonAccounts

@Suite("Guessing passwords is slowed down")
struct LoginThrottleTests {
    @Test(
        "after the free failures each further one doubles the wait, up to a quarter of an hour",
        arguments: [
            (0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (14, 512), (15, 900), (16, 900), (1_000_000, 900),
        ])
    func doubling(failures: Int, seconds: Int) {
        #expect(LoginThrottle.wait(failures: failures, free: 5) == seconds)
    }

    private static func count(
        _ email: String, from address: String, _ desk: Desk
    ) async throws -> Int? {
        let names = LoginThrottle.names(email: email, address: address)
        let moment = desk.clock.now
        do {
            try await desk.database.write { db in try LoginThrottle().count(names, at: moment, in: db) }
            return nil
        } catch let error as EdisonError {
            return (error.underlying as? RetryAfter)?.seconds
        }
    }

    @Test(
        "a flood for one account blocks neither others nor the account's owner elsewhere",
        arguments: TestDatabase.allCases)
    func flood(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { (desk: Desk) async throws -> Void in
            for _ in 0..<5 { #expect(try await Self.count("a@x.org", from: "1.1.1.1", desk) == nil) }
            for _ in 0..<200 { #expect(try await Self.count("a@x.org", from: "1.1.1.1", desk) != nil) }
            #expect(try await Self.count("b@x.org", from: "1.1.1.1", desk) == nil)
            #expect(try await Self.count("a@x.org", from: "2.2.2.2", desk) == nil)
            desk.clock.advance(2)
            #expect(try await Self.count("a@x.org", from: "1.1.1.1", desk) == nil)
            #expect(try #require(try await Self.count("a@x.org", from: "1.1.1.1", desk)) > 1)
        }
    }

    @Test(
        "many accounts from one place, and one account from everywhere, end at a wait too",
        arguments: TestDatabase.allCases)
    func spread(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { (desk: Desk) async throws -> Void in
            for index in 0..<20 { #expect(try await Self.count("\(index)@x.org", from: "1.1.1.1", desk) == nil) }
            #expect(try await Self.count("new@x.org", from: "1.1.1.1", desk) != nil)
            for index in 0..<50 { #expect(try await Self.count("a@x.org", from: "9.9.9.\(index)", desk) == nil) }
            #expect(try await Self.count("a@x.org", from: "8.8.8.8", desk) != nil)
        }
    }

    @Test("attempts at the same moment are all counted", arguments: TestDatabase.allCases)
    func atOnce(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let passed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 {
                    group.addTask { try await Self.count("a@x.org", from: "1.1.1.1", desk) == nil }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(passed == 5)
        }
    }

    @Test("a success forgives the account, and not the place", arguments: TestDatabase.allCases)
    func success(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let names = LoginThrottle.names(email: "a@x.org", address: "1.1.1.1")
            for _ in 0..<30 {
                #expect(try await Self.count("a@x.org", from: "1.1.1.1", desk) == nil)
                let moment = desk.clock.now
                try await desk.database.write { db in try LoginThrottle().succeed(names, at: moment, in: db) }
            }
            for index in 0..<20 { #expect(try await Self.count("\(index)@x.org", from: "1.1.1.1", desk) == nil) }
            #expect(try await Self.count("other@x.org", from: "1.1.1.1", desk) != nil)
        }
    }

    @Test("failures are forgotten after a day, and those of an address when asked", arguments: TestDatabase.allCases)
    func memory(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { (desk: Desk) async throws -> Void in
            for _ in 0..<5 { _ = try await Self.count("a@x.org", from: "1.1.1.1", desk) }
            _ = try await Self.count("a@x.org.example", from: "1.1.1.1", desk)
            try await desk.database.write { db in try LoginThrottle().forget(email: "a@x.org", in: db) }
            let left = try await desk.database.read { db in
                try db.fetch("SELECT name FROM failed_login ORDER BY name").map { try $0.string("name") }
            }
            #expect(
                left == [
                    "account a@x.org.example", "account a@x.org.example from 1.1.1.1", "address 1.1.1.1",
                ])
            desk.clock.advance(25 * 3600)
            _ = try await Self.count("c@x.org", from: "3.3.3.3", desk)
            let names = try await desk.database.read { db in
                try db.fetchOne("SELECT COUNT(*) AS names FROM failed_login")?.int("names")
            }
            #expect(names == 3)
        }
    }
}
