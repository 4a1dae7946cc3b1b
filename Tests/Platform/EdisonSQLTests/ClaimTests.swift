import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Claims", .timeLimit(.minutes(5))) struct ClaimTests {
    @Test("a name is held by one at a time, and is free again when it is released", arguments: TestDatabase.allCases)
    func oneAtATime(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            let first = try #require(try await database.claim("run 1"))
            #expect(try await database.claim("run 1") == nil)
            let other = try await database.claim("run 2")
            #expect(other != nil)
            first.release()
            first.release()
            let second = try #require(try await database.claim("run 1"))
            #expect(try await database.claim("run 1") == nil)
            second.release()
        }
    }

    @Test("who lets go of a claim without a word gives it back", arguments: TestDatabase.allCases)
    func forgotten(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            do { _ = try #require(try await database.claim("run")) }
            let again = try await database.claim("run")
            #expect(again != nil)
        }
    }
}
