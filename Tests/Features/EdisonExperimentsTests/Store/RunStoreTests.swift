import EdisonCore
import EdisonEvaluation
import EdisonEvents
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import EdisonSQL
import EdisonSchema
import EdisonTestKit
import Testing

/// Runs as a person looks after them, over real runs of a scripted model.
@Suite("Looking after runs")
struct RunStoreTests {
    private func definition(_ fixture: LoopFixture, _ name: String = "Support", file: String? = nil)
        -> ExperimentDefinition
    {
        var definition = fixture.definition(cases: 14)
        definition.stop.maxIterations = 1
        definition.name = name
        definition.file = file
        definition.scanner = SafetyScanner(model: Sample.model("guard", at: fixture.server.url))
        return definition
    }

    private static let tables = [
        "experiment", "iteration", "review", "output", "judgment", "safety_scan", "prompt", "prompt_version", "dataset",
        "test_case", "model_call", "model_attempt", "budget", "event", "event_stream", "production",
    ]

    /// Rows by table; the response cache belongs to no run.
    private func rows(_ database: Database) async throws -> [String: Int] {
        try await database.read { db in
            var counts: [String: Int] = [:]
            for table in Self.tables {
                let text = SQL(stringLiteral: "SELECT COUNT(*) AS count FROM \(table)")
                counts[table] = try db.fetchOne(text)?.int("count") ?? -1
            }
            return counts
        }
    }

    private func run(_ fixture: LoopFixture, _ index: Int = 0) async throws -> StoredRun {
        try await fixture.service.runs()[index]
    }

    @Test("the list holds every run, newest first, with the figures of its result", arguments: TestDatabase.allCases)
    func list(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(on: kind) { fixture in
            #expect(try await fixture.service.runs().isEmpty)
            let result = try await fixture.refine(definition(fixture, file: "/a.yaml")).result
            try await fixture.refine(definition(fixture, "Other"))
            let runs = try await fixture.service.runs()
            #expect(runs.map(\.experiment.name) == ["Other", "Support"])
            let first = runs[1]
            #expect(first.file == "/a.yaml" && first.experiment.status == .completed && first.iterations == 1)
            #expect(first.outcome == RunSummary(result))
            #expect(first.outcome?.score == result.json["holdout"]?["best"]?.double)
            #expect(first.outcome?.cost?.json == result.json["cost_usd"])
            #expect(first.finishedAt != nil && first.production == nil)
            #expect(first.json["score_of"] == "holdout" && first.json["stop_reason"] == "max_iterations")
            let stored = try await fixture.service.result(of: first)
            #expect(stored.map { JSONValue.object($0.json) } == JSONValue.object(result.json))
        }
    }

    @Test("deleting removes everything of one run and nothing of another", arguments: TestDatabase.allCases)
    func delete(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(on: kind) { fixture in
            try await fixture.refine(definition(fixture, "Kept"))
            let before = try await rows(fixture.database)
            let result = try await fixture.refine(definition(fixture, "Gone")).result
            let run = try await run(fixture)
            _ = try await fixture.service.markProduction(run)
            let gone = try await fixture.service.delete(run)
            #expect(gone.outputs == result.json["outputs"]?.array?.count)
            #expect(gone.judgments == result.json["judgments"]?.array?.count)
            #expect(gone.calls > 0)
            #expect(try await rows(fixture.database) == before)
            #expect(try await fixture.service.runs().map(\.experiment.name) == ["Kept"])
            try await fixture.service.delete(try await self.run(fixture))
            #expect(try await rows(fixture.database).allSatisfy { $0.value == 0 })
        }
    }

    @Test("a run that a process works on is neither cancelled, archived nor deleted", arguments: TestDatabase.allCases)
    func claimed(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(on: kind) { fixture in
            var limited = definition(fixture)
            limited.stop.maxCalls = 20
            try await fixture.refine(limited)
            let run = try await run(fixture)
            let claim = try await fixture.database.claim(
                "run \(LocalTenant.project) \(run.experiment.identity.text)")
            #expect(claim != nil)
            for work in [fixture.service.archive, { _ = try await fixture.service.delete($0) }] {
                let error = await #expect(throws: EdisonError.self) { try await work(run) }
                #expect(error?.code == .conflict)
                #expect(error?.detail?.contains("Ctrl-C") == true)
            }
            claim?.release()
            try await fixture.service.archive(run)
            #expect(try await self.run(fixture).experiment.status == .archived)
        }
    }

    @Test(
        "a cancelled run is over: its result says so, resume passes over it, and refine refuses",
        arguments: TestDatabase.allCases)
    func cancel(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(on: kind) { fixture in
            let definition = definition(fixture, file: "/a.yaml")
            let task = Task { try await fixture.refine(definition) }
            while fixture.server.requests.count < 12 { try await Task.sleep(for: .milliseconds(2)) }
            task.cancel()
            let paused = try await task.value
            #expect(paused.status == .paused)
            #expect(try await fixture.service.unfinished(file: nil).isEmpty == false)
            try await fixture.service.cancel(try await run(fixture))
            let run = try await run(fixture)
            #expect(run.experiment.status == .cancelled && run.experiment.stopReason == .cancelled)
            let result = try await fixture.service.result(of: run)
            #expect(result?.json["status"] == "cancelled" && result?.stopReason == .cancelled)
            #expect(result?.json["outputs"] == paused.result.json["outputs"])
            #expect(try await fixture.service.unfinished(file: nil).isEmpty)
            let events = try await fixture.service.events.events(
                in: ExperimentStore.stream(of: run.experiment.id), after: 0)
            #expect(events.last?.kind == "experiment:cancelled")
            let calls = fixture.server.requests.count
            let refused = await #expect(throws: EdisonError.self) { try await fixture.refine(definition) }
            #expect(refused?.detail?.contains("--new") == true)
            #expect(fixture.server.requests.count == calls)
            #expect(try await fixture.refine(self.definition(fixture), start: .new).status == .completed)
        }
    }

    @Test(
        "a run that goes on shows what it has cost by now, and nothing of its last end as its end",
        arguments: TestDatabase.allCases)
    func goingOn(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(on: kind) { fixture in
            var limited = definition(fixture)
            limited.stop.maxCalls = 60
            let stopped = try await fixture.refine(limited).result
            let ended = try await run(fixture)
            #expect(ended.outcome == RunSummary(stopped) && ended.outcome?.score != nil)
            // As a process leaves it that is killed while it goes on.
            let store = ExperimentStore(
                experiment: ended.experiment.id, prompt: IDSource.random.next(), database: fixture.database,
                events: fixture.service.events)
            try await store.move(to: .running)
            try await fixture.database.write { db in
                try db.execute("UPDATE model_call SET cost_nano = cost_nano + 1000 WHERE status = 'answered'")
            }
            let open = try await run(fixture)
            let spent = try await fixture.calls.totals(scope: ended.experiment.id.text).cost
            #expect(open.outcome == nil && open.json["score"] == .null && open.json["verdict"] == .null)
            #expect(spent != nil && open.cost == spent && open.cost != ended.cost)
            #expect(try await fixture.service.result(of: open)?.json["composite"] == stopped.json["composite"])
            try await fixture.service.cancel(open)
            let cancelled = try await run(fixture)
            #expect(cancelled.cost == spent && cancelled.json["score"] == .null)
            #expect(try await fixture.service.result(of: cancelled)?.json["cost_usd"] == spent?.json)
            #expect(try await fixture.service.result(of: cancelled)?.json["status"] == "cancelled")
        }
    }

    @Test("what has ended is not cancelled, what has not is not archived, and both say what to do")
    func wrongMoves() async throws {
        try await LoopFixture.running { fixture in
            try await fixture.refine(definition(fixture))
            let run = try await run(fixture)
            let cancelled = await #expect(throws: EdisonError.self) { try await fixture.service.cancel(run) }
            #expect(cancelled?.message == "This run is completed and cannot be cancelled.")
            #expect(cancelled?.detail?.contains("archive") == true)
            try await fixture.service.archive(run)
            let archived = try await self.run(fixture)
            #expect(archived.experiment.stopReason == .maxIterations && archived.finishedAt == run.finishedAt)
            let again = await #expect(throws: EdisonError.self) { try await fixture.service.archive(archived) }
            #expect(again?.message == "This run is archived already.")
            let next = try await fixture.refine(definition(fixture))
            #expect(!next.wasFinished, "an archived run is not found again")
        }
    }

    @Test("one version of a prompt is in production, whichever run made it", arguments: TestDatabase.allCases)
    func production(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(on: kind) { fixture in
            let first = try await fixture.refine(definition(fixture)).result
            try await fixture.refine(definition(fixture, "Other"))
            try await fixture.refine(definition(fixture), start: .new)
            let runs = try await fixture.service.runs()
            let number = try await fixture.service.markProduction(runs[2])
            #expect(number == first.best?["number"]?.int)
            _ = try await fixture.service.markProduction(runs[1])
            #expect(try await fixture.service.runs().map(\.production) == [nil, number, number])
            _ = try await fixture.service.markProduction(runs[0])
            #expect(try await fixture.service.runs().map { $0.production != nil } == [true, true, false])
        }
    }
}
