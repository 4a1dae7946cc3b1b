import EdisonCore
import EdisonEvaluation
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Stored safety scans")
struct SafetyScanStoreTests {
    private let store = SafetyScanStore()

    private func scan(_ text: String, valid: Bool = true, evidence: String = "an address") -> SafetyScan {
        var flags = SafetyFlags()
        flags.piiDetected = valid
        return SafetyScan(
            text: ContentHash(of: text), flags: flags, evidence: valid ? evidence : "", valid: valid,
            invalidReason: valid ? nil : "no JSON", cost: valid ? Money(nanodollars: 7) : nil)
    }

    private func insert(_ scans: [SafetyScan], scope: String = "s", into database: Database) async throws {
        try await database.write { db in for scan in scans { try store.insert(scan, scope: scope, in: db) } }
    }

    private func stored(_ scope: String = "s", in database: Database) async throws -> Set<SafetyScan> {
        Set(try await database.read { db in try store.scans(scope: scope, in: db) })
    }

    @Test("a scan comes back as it was stored, for its run alone", arguments: TestDatabase.allCases)
    func roundTrip(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let scans = [scan("one", evidence: "quotes ' \" and 日本語"), scan("two", valid: false)]
            try await insert(scans, into: database)
            #expect(try await stored(in: database) == Set(scans))
            #expect(try await stored("other", in: database).isEmpty)
        }
    }

    @Test("of two scans of the same text the first counts", arguments: TestDatabase.allCases)
    func first(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            try await insert([scan("one", evidence: "first"), scan("one", evidence: "second")], into: database)
            try await insert([scan("one", evidence: "another run")], scope: "t", into: database)
            #expect(try await stored(in: database).map(\.evidence) == ["first"])
            #expect(try await stored("t", in: database).map(\.evidence) == ["another run"])
        }
    }

    @Test(
        "scans that could not be used are forgotten from a moment on, the others stay", arguments: TestDatabase.allCases
    )
    func forgetting(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            try await insert([scan("old", valid: false)], into: database)
            try await Task.sleep(for: .milliseconds(2))
            let moment = Timestamp.now
            try await insert([scan("new", valid: false), scan("sound")], into: database)
            try await database.write { db in try store.forgetFailures(scope: "s", since: moment, in: db) }
            #expect(try await stored(in: database) == [scan("old", valid: false), scan("sound")])
        }
    }
}
