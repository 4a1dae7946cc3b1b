import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonEvents
import EdisonExperiments
import EdisonPrompts
import EdisonSQL
import EdisonSchema
import EdisonTestKit
import Testing

/// A stored experiment on an empty database.
private struct StoredRun: Sendable {
    let database: Database
    let catalog: ExperimentCatalog
    let found: ExperimentCatalog.Found
    let store: ExperimentStore

    static func on(_ kind: TestDatabase, _ use: (StoredRun) async throws -> Void) async throws {
        try await kind.migrated { database in
            let catalog = ExperimentCatalog(database: database, project: LocalTenant.project)
            let found = try await catalog.findOrCreate(
                Sample.definition(cases: Sample.cases(3)), kind: .refine, start: .new)
            let store = ExperimentStore(
                experiment: found.experiment.id, prompt: found.prompt, database: database,
                events: EventLog(database: database))
            try await use(StoredRun(database: database, catalog: catalog, found: found, store: store))
        }
    }

    func version(_ number: Int, _ text: String = "{{message}}") async throws -> PromptVersion {
        try await store.version(number: number, content: PromptContent(text: text), parent: nil, message: "m")
    }
}

@Suite("What a run stores")
struct ExperimentStoreTests {
    @Test("a version is made once, and found again by number and content", arguments: TestDatabase.allCases)
    func versions(_ kind: TestDatabase) async throws {
        try await StoredRun.on(kind) { run in
            let first = try await run.version(1)
            let second = try await run.store.version(
                number: 2, content: PromptContent(text: "New {{message}}"), parent: first.id, message: "why")
            let again = try await run.version(1)
            #expect(again == first)
            #expect(second.parentID == first.id)
            #expect(second.message == "why")
            let error = await #expect(throws: EdisonError.self) { try await run.version(2, "Other {{message}}") }
            #expect(error?.code == .conflict)
        }
    }

    @Test("where a search ends is kept with the limits under which it was decided", arguments: TestDatabase.allCases)
    func searchDecisions(_ kind: TestDatabase) async throws {
        try await StoredRun.on(kind) { run in
            #expect(try await run.store.searchDecision(before: 2) == nil)
            let goesOn = SearchDecision(limits: "calls 100", reason: nil)
            let ends = SearchDecision(limits: "calls 100", reason: .calls)
            try await run.store.decide(goesOn, before: 2)
            try await run.store.decide(ends, before: 3)
            #expect(try await run.store.searchDecision(before: 2) == goesOn)
            #expect(try await run.store.searchDecision(before: 3) == ends)
            let raised = SearchDecision(limits: "calls 200", reason: nil)
            try await run.store.decide(raised, before: 3)
            #expect(try await run.store.searchDecision(before: 3) == raised)
        }
    }

    @Test("an iteration is measured from its first beginning to its end", arguments: TestDatabase.allCases)
    func spans(_ kind: TestDatabase) async throws {
        try await StoredRun.on(kind) { run in
            let version = try await run.version(1)
            var record = IterationRecord(number: 1, version: version.id)
            record.status = .executing
            try await run.store.save(record)
            #expect(try await run.store.iterationSpans(through: 1).isEmpty)
            record.status = .completed
            try await run.store.save(record)
            let span = try #require(try await run.store.iterationSpans(through: 1).first)
            let (began, ended) = (
                try await run.store.beginning(of: 1), try await run.store.completion(of: 1)
            )
            #expect(span.lowerBound == began && span.upperBound == ended)
            #expect(try await run.store.iterationSpans(through: 0).isEmpty)
        }
    }

    @Test("what is stored is found among more cells than a statement takes values", arguments: TestDatabase.allCases)
    func manyCells(_ kind: TestDatabase) async throws {
        try await StoredRun.on(kind) { run in
            let version = try await run.version(1)
            func cell(_ testCase: TestCase) -> Cell { Cell(version: version, testCase: testCase, model: "writer") }
            let known = cell(run.found.cases[1])
            let output = Output(
                id: IDSource.random.next(), key: known.key, text: "Hello", error: nil, cached: false, inputTokens: 1,
                outputTokens: 1, cost: .zero, latency: .zero)
            _ = try await run.store.record(output, of: known)
            let cells = Sample.cases(70_000).map(cell) + [known]
            #expect(try await run.store.stored(cells).outputs.map(\.id) == [output.id])
        }
    }

    @Test("an iteration is one row that goes through its states", arguments: TestDatabase.allCases)
    func iterations(_ kind: TestDatabase) async throws {
        try await StoredRun.on(kind) { run in
            let version = try await run.version(1)
            var record = IterationRecord(number: 1, version: version.id)
            try await run.store.save(record)
            record.status = .executing
            try await run.store.save(record)
            record.status = .completed
            record.summary = ["headline": "Done"]
            record.refused = ["proposal 1: no"]
            record.cost = Money(nanodollars: 12_300)
            try await run.store.save(record)
            try await run.store.save(IterationRecord(number: 2, version: version.id))
            let rows = try await run.store.iterations()
            #expect(rows.map { $0["number"] } == [1, 2])
            #expect(rows[0]["status"] == "completed")
            #expect(rows[0]["version_id"] == .string(version.id.text))
            #expect(rows[0]["summary"] == ["headline": "Done"])
            #expect(rows[0]["refused"] == ["proposal 1: no"])
            #expect(rows[0]["cost_usd"]?.double == 0.000_012_3)
            #expect(rows[1]["status"] == "pending")
            #expect(rows[1]["cost_usd"] == .null)
        }
    }

    @Test(
        "the first decision of a person stands", arguments: TestDatabase.allCases,
        [
            ReviewDecision.approve(note: "yes"), .reject(note: "no"), .requestChanges(note: "shorter"),
            .edit(PromptContent(text: "mine {{message}}", systemText: "s"), note: "my words"),
        ])
    func reviews(_ kind: TestDatabase, _ decision: ReviewDecision) async throws {
        try await StoredRun.on(kind) { run in
            let version = try await run.version(1)
            #expect(try await run.store.review(of: version.id) == nil)
            try await run.store.save(decision, of: version.id)
            try await run.store.save(.approve(note: "later"), of: version.id)
            #expect(try await run.store.review(of: version.id) == decision)
        }
    }

    @Test("outputs and judgments are kept, and are there when the run goes on", arguments: TestDatabase.allCases)
    func answers(_ kind: TestDatabase) async throws {
        try await StoredRun.on(kind) { run in
            let version = try await run.version(1)
            let testCase = try #require(run.found.cases.first)
            let cell = Cell(version: version, testCase: testCase, model: "writer")
            let output = Output(
                id: IDSource.random.next(), key: cell.key, text: "hello", error: nil, cached: false, inputTokens: 3,
                outputTokens: 2, cost: Money(nanodollars: 7), latency: .milliseconds(12))
            let judgment = SampleRun.judgment(output, score: 0.5)
            _ = try await run.store.record(output, of: cell)
            try await run.store.record(judgment)
            let memo = try await run.store.memo()
            #expect(await memo.output(cell.key) == output)
            #expect(await memo.judgment(of: output.id, by: "judge") == judgment)
        }
    }

    @Test("status, reason and result are stored with the run", arguments: TestDatabase.allCases)
    func result(_ kind: TestDatabase) async throws {
        try await StoredRun.on(kind) { run in
            try await run.store.move(to: .running)
            try await run.store.move(to: .completed, stopReason: .converged, result: ["figure": 0.1])
            let found = try await run.catalog.findOrCreate(
                Sample.definition(cases: Sample.cases(3)), kind: .refine, start: .continueOrNew)
            #expect(found.isResumed)
            #expect(found.experiment.id == run.found.experiment.id)
            #expect(found.experiment.status == .completed)
            #expect(found.experiment.stopReason == .converged)
        }
    }

    @Test("the stored status makes only the moves that the states allow", arguments: TestDatabase.allCases)
    func moves(_ kind: TestDatabase) async throws {
        try await StoredRun.on(kind) { run in
            let skipped = await #expect(throws: EdisonError.self) {
                try await run.store.move(to: .completed, stopReason: .converged)
            }
            #expect(skipped?.code == .conflict)
            try await run.store.move(to: .archived)
            let revived = await #expect(throws: EdisonError.self) {
                try await run.store.move(to: .running)
            }
            #expect(revived?.code == .conflict)
        }
    }
}

@Suite("The runs of a project")
struct ExperimentCatalogTests {
    private func definition(_ name: String = "Support", goal: String = Sample.goal, file: String? = nil)
        -> ExperimentDefinition
    {
        var definition = Sample.definition(cases: Sample.cases(3))
        definition.name = name
        definition.goal = goal
        definition.file = file
        return definition
    }

    private func catalog(_ kind: TestDatabase, _ use: (ExperimentCatalog, Database) async throws -> Void) async throws {
        try await kind.migrated { database in
            try await use(ExperimentCatalog(database: database, project: LocalTenant.project), database)
        }
    }

    @Test("the same definition finds its run, with the ids of its cases", arguments: TestDatabase.allCases)
    func finding(_ kind: TestDatabase) async throws {
        try await catalog(kind) { catalog, _ in
            let made = try await catalog.findOrCreate(definition(), kind: .refine, start: .continueOrNew)
            let found = try await catalog.findOrCreate(definition(), kind: .refine, start: .continueOrNew)
            #expect(!made.isResumed)
            #expect(found.isResumed)
            #expect(found.experiment.id == made.experiment.id)
            #expect(found.prompt == made.prompt)
            #expect(found.cases == made.cases)
            #expect(made.experiment.status == .draft)
            #expect(made.experiment.seed == 1)
        }
    }

    @Test("another definition, command or --new makes a run", arguments: TestDatabase.allCases)
    func making(_ kind: TestDatabase) async throws {
        try await catalog(kind) { catalog, _ in
            let first = try await catalog.findOrCreate(definition(), kind: .refine, start: .continueOrNew)
            let goal = try await catalog.findOrCreate(
                definition(goal: "Answer customers briefly."), kind: .refine, start: .continueOrNew)
            let eval = try await catalog.findOrCreate(definition(), kind: .eval, start: .continueOrNew)
            let new = try await catalog.findOrCreate(definition(), kind: .refine, start: .new)
            #expect(Set([first, goal, eval, new].map(\.experiment.id)).count == 4)
            let found = try await catalog.findOrCreate(definition(), kind: .refine, start: .continueOrNew)
            #expect(found.experiment.id == new.experiment.id, "of several the newest")
        }
    }

    @Test("an archived run is not found again", arguments: TestDatabase.allCases)
    func archived(_ kind: TestDatabase) async throws {
        try await catalog(kind) { catalog, database in
            let first = try await catalog.findOrCreate(definition(), kind: .refine, start: .continueOrNew)
            let store = ExperimentStore(
                experiment: first.experiment.id, prompt: first.prompt, database: database,
                events: EventLog(database: database))
            try await store.move(to: .archived)
            let second = try await catalog.findOrCreate(definition(), kind: .refine, start: .continueOrNew)
            #expect(second.experiment.id != first.experiment.id)
        }
    }

    @Test("resume takes the newest unfinished run, or that of a file", arguments: TestDatabase.allCases)
    func unfinished(_ kind: TestDatabase) async throws {
        try await catalog(kind) { catalog, database in
            #expect(try await catalog.unfinished(file: nil).isEmpty)
            var runs: [ExperimentCatalog.Found] = []
            for (name, kind) in [("a", Experiment.Kind.refine), ("b", .eval), ("c", .refine)] {
                runs.append(
                    try await catalog.findOrCreate(definition(name, file: "/\(name).yaml"), kind: kind, start: .new))
            }
            func end(_ index: Int, _ status: ExperimentStatus, _ reason: StopReason?) async throws {
                let found = runs[index]
                let store = ExperimentStore(
                    experiment: found.experiment.id, prompt: found.prompt, database: database,
                    events: EventLog(database: database))
                try await store.move(to: .running)
                try await store.move(to: status, stopReason: reason)
            }
            #expect(try await catalog.unfinished(file: nil).first?.file == "/c.yaml")
            #expect(try await catalog.unfinished(file: "/a.yaml").first?.kind == .refine)
            try await end(2, .completed, .converged)
            let next = try await catalog.unfinished(file: nil).first
            #expect(next?.file == "/b.yaml")
            #expect(next?.kind == .eval)
            try await end(1, .completed, .budget)
            #expect(try await catalog.unfinished(file: nil).first?.file == "/b.yaml", "a limit can be raised")
            try await end(1, .completed, .maxIterations)
            try await end(0, .paused, .cancelled)
            #expect(try await catalog.unfinished(file: nil).first?.file == "/a.yaml")
            #expect(try await catalog.unfinished(file: "/c.yaml").isEmpty)
        }
    }
}
