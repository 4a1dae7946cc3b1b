import EdisonSQL
import EdisonTestKit
import Foundation
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

    @Test("files of claims whose holders were killed are removed when the database is closed, held ones stay")
    func tidied() async throws {
        try await TestDatabase.sqlite.place { place in
            let (mine, others) = (try await Database.open(place), try await Database.open(place))
            let held = try #require(try await others.claim("run 1"))
            let dead = place + "-claim-00000000deadbeef"
            #expect(FileManager.default.createFile(atPath: dead, contents: nil))
            await mine.close()
            #expect(!FileManager.default.fileExists(atPath: dead))
            #expect(await held.isHeld())
            held.release()
            await others.close()
            let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
            let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains("-claim-") }
            #expect(left == [])
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
