import EdisonCore
import EdisonDatasets
import EdisonSQL
import EdisonSchema
import EdisonTestKit
import Testing

@Suite("Stored datasets")
struct DatasetStoreTests {
    private func stored(
        _ kind: TestDatabase, _ cases: [TestCase], _ use: (Database, [TestCase]) async throws -> Void
    ) async throws {
        try await kind.migrated { database in
            try await database.write { db in
                try DatasetStore().insert(dataset: "d", name: "cases", project: LocalTenant.project, in: db)
                try DatasetStore().insert(cases, dataset: "d", in: db)
            }
            let read = try await database.read { db in try DatasetStore().cases(of: "d", in: db) }
            try await use(database, read)
        }
    }

    @Test("cases come back as they were stored, in their order", arguments: TestDatabase.allCases)
    func roundTrip(_ kind: TestDatabase) async throws {
        let ids = IDSource.random
        let cases = [
            TestCase(
                id: ids.next(), input: ["message": "quotes ' \" \\ 日本語 👩‍👩‍👧\n\u{1}", "n": 3, "list": [1, 2.5, nil]]),
            TestCase(
                id: ids.next(), input: ["message": "b"], expected: ["queue": "x", "n": 1.0], tags: ["a", "b,c"],
                difficulty: 5,
                language: "de", cluster: "c1", checks: [["contains": "x"]], kind: .adversarial,
                isConfirmed: false),
            TestCase(id: ids.next(), input: ["message": "c"], expected: "", kind: .synthetic),
            TestCase(id: ids.next(), input: ["message": "c"], expected: .null),
            TestCase(id: ids.next(), input: ["message": "c"]), TestCase(id: ids.next(), input: ["message": "c"]),
        ].preparedForSplit()
        try await stored(kind, cases) { _, read in
            #expect(read == cases)
            #expect(read.map(\.key) == cases.map(\.key))
        }
    }

    @Test("a thousand cases keep their order", arguments: TestDatabase.allCases)
    func many(_ kind: TestDatabase) async throws {
        let cases = (0..<1_000).map { TestCase(id: IDSource.random.next(), input: ["n": .integer(Int64(999 - $0))]) }
        try await stored(kind, cases) { _, read in #expect(read.map(\.id) == cases.map(\.id)) }
    }

    @Test("cases are all stored or none", arguments: TestDatabase.allCases)
    func whole(_ kind: TestDatabase) async throws {
        let first = TestCase(id: IDSource.random.next(), input: ["q": "a"])
        try await stored(kind, [first]) { database, _ in
            let fresh = TestCase(id: IDSource.random.next(), input: ["q": "b"])
            let error = await #expect(throws: EdisonError.self) {
                try await database.write { db in
                    try DatasetStore().insert(dataset: "e", name: "e", project: LocalTenant.project, in: db)
                    try DatasetStore().insert([fresh, first], dataset: "e", in: db)
                }
            }
            #expect(error?.code == .conflict)
            let found = try await database.read { db in try DatasetStore().cases(of: "e", in: db) }
            #expect(found.isEmpty)
        }
    }

    @Test("a dataset of no project is refused, and an unknown one is empty", arguments: TestDatabase.allCases)
    func references(_ kind: TestDatabase) async throws {
        try await stored(kind, []) { database, read in
            #expect(read.isEmpty)
            let found = try await database.read { db in try DatasetStore().cases(of: "nowhere", in: db) }
            #expect(found.isEmpty)
            await #expect(throws: EdisonError.self) {
                try await database.write { db in
                    try DatasetStore().insert(dataset: "x", name: "x", project: "nowhere", in: db)
                }
            }
        }
    }
}
