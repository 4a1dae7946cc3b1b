import EdisonCore
import EdisonPrompts
import EdisonSQL
import EdisonSchema
import EdisonTestKit
import Testing

@Suite("Stored prompts and versions")
struct PromptStoreTests {
    private struct Fixture: Sendable {
        let database: Database
        let prompt: Prompt

        func version(
            _ number: Int, _ text: String = "{{x}}", parent: PromptVersion.ID? = nil, of prompt: Prompt? = nil,
            id: PromptVersion.ID = IDSource.random.next()
        ) -> PromptVersion {
            PromptVersion(
                id: id, promptID: (prompt ?? self.prompt).id, number: number, parentID: parent,
                content: PromptContent(text: text),
                message: "version \(number)", createdAt: Timestamp(microseconds: 1_700_000_000_123_456))
        }

        func insert(_ versions: PromptVersion...) async throws {
            try await database.write { db in for version in versions { try PromptStore().insert(version, in: db) } }
        }

        func versions() async throws -> [PromptVersion] {
            try await database.read { [prompt] db in try PromptStore().versions(of: prompt.id, in: db) }
        }
    }

    private func fixture(_ kind: TestDatabase, _ use: (Fixture) async throws -> Void) async throws {
        try await kind.migrated { database in
            let prompt = Prompt(id: IDSource.random.next(), name: "Support")
            try await database.write { db in try PromptStore().insert(prompt, project: LocalTenant.project, in: db) }
            try await use(Fixture(database: database, prompt: prompt))
        }
    }

    @Test("a version comes back with everything that it says", arguments: TestDatabase.allCases)
    func roundTrip(_ kind: TestDatabase) async throws {
        try await fixture(kind) { fixture in
            let first = fixture.version(1)
            let content = PromptContent(
                text: "quotes ' \" \\ 日本語 👩‍👩‍👧\r\n\u{1}", systemText: "s", fewShots: [FewShot(user: "u", assistant: "a")],
                messages: [TemplateMessage(role: "user", text: "m")], toolsSchema: [["name": "t"]])
            let second = PromptVersion(
                id: IDSource.random.next(), promptID: fixture.prompt.id, number: 2, parentID: first.id,
                content: content,
                message: "why", createdAt: Timestamp(microseconds: 1_700_000_000_123_457))
            try await fixture.insert(first, second)
            #expect(try await fixture.versions() == [first, second])
            let read = try #require(try await fixture.versions().last)
            #expect(Array(read.content.text.utf8) == Array(content.text.utf8))
            #expect(read.versionHash == second.versionHash)
        }
    }

    @Test("a version is found by its number", arguments: TestDatabase.allCases)
    func finding(_ kind: TestDatabase) async throws {
        try await fixture(kind) { fixture in
            let versions = [3, 1, 2].map { fixture.version($0) }
            for version in versions { try await fixture.insert(version) }
            #expect(try await fixture.versions().map(\.number) == [1, 2, 3])
            let found = try await fixture.database.read { db in
                try PromptStore().version(number: 3, of: fixture.prompt.id, in: db)
            }
            #expect(found == versions[0])
            let none = try await fixture.database.read { db in
                try PromptStore().version(number: 4, of: fixture.prompt.id, in: db)
            }
            #expect(none == nil)
        }
    }

    @Test("a number and an id are given once, and what is stored does not change", arguments: TestDatabase.allCases)
    func immutable(_ kind: TestDatabase) async throws {
        try await fixture(kind) { fixture in
            let first = fixture.version(1, "the first")
            try await fixture.insert(first)
            for other in [fixture.version(1, "another"), fixture.version(2, "another", id: first.id)] {
                let error = await #expect(throws: EdisonError.self) { try await fixture.insert(other) }
                #expect(error?.code == .conflict)
            }
            #expect(try await fixture.versions() == [first])
        }
    }

    @Test("of many who want the same number at once, one gets it", arguments: TestDatabase.allCases)
    func race(_ kind: TestDatabase) async throws {
        try await fixture(kind) { fixture in
            let winners = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<8 {
                    group.addTask { (try? await fixture.insert(fixture.version(1, "text \(index)"))) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            let stored = try await fixture.versions()
            #expect(winners == 1)
            #expect(stored.count == 1)
        }
    }

    @Test("numbers count within a prompt, and start at 1", arguments: TestDatabase.allCases)
    func numbers(_ kind: TestDatabase) async throws {
        try await fixture(kind) { fixture in
            let other = Prompt(id: IDSource.random.next(), name: "Support")
            try await fixture.database.write { db in
                try PromptStore().insert(other, project: LocalTenant.project, in: db)
            }
            try await fixture.insert(fixture.version(1), fixture.version(1, of: other))
            #expect(try await fixture.versions().count == 1)
            await #expect(throws: EdisonError.self) { try await fixture.insert(fixture.version(0)) }
        }
    }

    @Test("a parent must exist", arguments: TestDatabase.allCases)
    func parents(_ kind: TestDatabase) async throws {
        try await fixture(kind) { fixture in
            await #expect(throws: EdisonError.self) {
                try await fixture.insert(fixture.version(1, parent: ID("nowhere")))
            }
            let first = fixture.version(1)
            try await fixture.insert(first, fixture.version(2, parent: first.id), fixture.version(3, parent: first.id))
            #expect(try await fixture.versions().map(\.parentID) == [nil, first.id, first.id])
        }
    }

    @Test("inserting a prompt again changes nothing", arguments: TestDatabase.allCases)
    func prompts(_ kind: TestDatabase) async throws {
        try await fixture(kind) { fixture in
            let renamed = Prompt(id: fixture.prompt.id, name: "Renamed")
            try await fixture.database.write { db in
                try PromptStore().insert(renamed, project: LocalTenant.project, in: db)
            }
            let names = try await fixture.database.read { db in
                try db.fetch("SELECT name FROM prompt").map { try $0.string("name") }
            }
            #expect(names == ["Support"])
        }
    }
}
