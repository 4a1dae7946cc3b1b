import EdisonCore
import EdisonEvaluation
import EdisonSQL
import EdisonSchema
import EdisonTestKit
import Testing

@testable import EdisonExperiments

@Suite("Labels in the database")
struct LabelStoreTests {
    private func finished(
        _ kind: TestDatabase, _ use: (LoopFixture, LabelService, LabelService.Opened) async throws -> Void
    ) async throws {
        try await LoopFixture.running(ImprovingRun.model, on: kind) { fixture in
            var definition = fixture.definition(cases: 30)
            definition.stop.maxIterations = 2
            let result = try await fixture.refine(definition).result
            try #require(result.json["holdout"]?.object != nil)
            let service = LabelService(database: fixture.database, project: LocalTenant.project)
            try await use(fixture, service, try await service.open(file: nil, seed: nil))
        }
    }

    @Test("picks are kept, more can be picked later, and none is dropped", arguments: TestDatabase.allCases)
    func picks(_ kind: TestDatabase) async throws {
        try await finished(kind) { fixture, service, opened in
            let small = try await service.sheet(opened, count: 4)
            #expect(small.picked == 4 && small.items.count == 8 && small.available == 15)
            let large = try await service.sheet(opened, count: 9)
            #expect(large.picked == 9 && Set(small.items.map(\.output)).isSubset(of: Set(large.items.map(\.output))))
            #expect(try await service.sheet(opened, count: 2).picked == 9)
            #expect(try await service.sheet(opened, count: 99).picked == 15)
            let store = LabelStore()
            let picks = try await fixture.database.read { db in try store.picks(run: opened.id, in: db) }
            #expect(picks.count == 30 && picks.values.allSatisfy { $0.probability == 1 })
        }
    }

    @Test("a label is in the run's result at once, and a later one replaces it", arguments: TestDatabase.allCases)
    func labels(_ kind: TestDatabase) async throws {
        try await finished(kind) { fixture, service, opened in
            let sheet = try await service.sheet(opened, count: nil)
            #expect(sheet.picked == 15)
            let first = try #require(sheet.items.first)
            try await service.save(Label(output: first.output, scores: ["Quality": 1]), in: opened)
            let result = try await service.save(Label(output: first.output, scores: ["Quality": 4]), in: opened)
            #expect(result.json["labels"]?.array?.count == 1)
            #expect(result.json["labels"]?[0]?["composite"]?.double == 0.8)
            #expect(result.json["holdout"]?["corrected"] == .null)
            #expect(result.json["holdout"]?["labels_missing"] == 10)
            #expect(result.json["agreement"]?["people"]?["outputs"] == 1)
            let again = try await service.open(file: nil, seed: nil)
            #expect(try await service.result(of: again).json == result.json)
            #expect(try await service.sheet(again, count: nil).unlabelled.count == 29)
        }
    }

    @Test("bad lines leave everything as it was", arguments: TestDatabase.allCases)
    func allOrNothing(_ kind: TestDatabase) async throws {
        try await finished(kind) { fixture, service, opened in
            let sheet = try await service.sheet(opened, count: nil)
            let good = sheet.lines.replacing("null", with: "3")
            let error = await #expect(throws: EdisonError.self) {
                _ = try await service.take(good + "{}\n", named: "labels.jsonl", in: opened)
            }
            #expect(error?.issues.map(\.line) == [31])
            #expect(try await service.result(of: opened).json["labels"] == [])
            let imported = try await service.take(good, named: "labels.jsonl", in: opened)
            #expect(imported.stored == 30)
            // Whatever the judges say, people see no difference.
            #expect(imported.result.json["holdout"]?["corrected"]?["difference"]?.double == 0)
            let exported = try await service.sheet(opened, count: nil).lines
            #expect(try await service.take(exported, named: "labels.jsonl", in: opened).stored == 30)
        }
    }

    @Test("outputs that nobody picked count for agreement and correct nothing", arguments: TestDatabase.allCases)
    func chosen(_ kind: TestDatabase) async throws {
        try await finished(kind) { _, service, opened in
            let held = (opened.result.json["outputs"]?.array ?? []).filter { $0["split"] == "holdout" }
            let lines = held.compactMap { $0["id"]?.string }.map {
                "{\"output_id\":\"\($0)\",\"scores\":{\"Quality\":2}}"
            }
            let imported = try await service.take(lines.joined(separator: "\n"), named: "mine", in: opened)
            #expect(imported.stored >= 30)
            #expect(imported.result.json["holdout"]?["corrected"] == .null)
            #expect(imported.result.json["agreement"]?["people"]?["outputs"]?.int == imported.stored)
            #expect(imported.result.json["labels"]?[0]?["picked"] == .null)
        }
    }

    @Test("labels survive when a run that stopped at a limit goes on", arguments: TestDatabase.allCases)
    func goesOn(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(ImprovingRun.model, on: kind) { fixture in
            var definition = fixture.definition(cases: 30)
            definition.stop.maxIterations = 2
            definition.stop.maxCalls = 30
            try #require(try await fixture.refine(definition).result.stopReason == .calls)
            let service = LabelService(database: fixture.database, project: LocalTenant.project)
            let opened = try await service.open(file: nil, seed: nil)
            let sheet = try await service.sheet(opened, count: 3)
            #expect(sheet.items.count == 3, "nothing is compared yet: one version is labelled, for agreement")
            for item in sheet.items {
                try await service.save(Label(output: item.output, scores: ["Quality": 4]), in: opened)
            }
            definition.stop.maxCalls = 900
            let result = try await fixture.refine(definition).result
            #expect(result.stopReason == .maxIterations)
            #expect(result.json["labels"]?.array?.count == 3)
            #expect(result.json["agreement"]?["people"]?["judges"]?["judge"]?["outputs"] == 3)
            #expect(result.json["holdout"]?["labels_missing"] == 10)
        }
    }

    @Test("without a finished run there is nothing to label", arguments: TestDatabase.allCases)
    func nothing(_ kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let service = LabelService(database: database, project: LocalTenant.project)
            let error = await #expect(throws: EdisonError.self) { _ = try await service.open(file: "a.yaml", seed: 3) }
            #expect(error?.code == .notFound)
            #expect(error?.message == "No finished run of a.yaml with the seed 3 is in the database.")
        }
    }
}
