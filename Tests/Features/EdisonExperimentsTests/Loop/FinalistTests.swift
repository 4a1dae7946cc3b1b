import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts
import EdisonTestKit
import Testing

@testable import EdisonExperiments

@Suite("Who enters the test at the end, on which cases, before which judges")
struct FinalistTests {
    private func finished(
        _ model: ScriptedModel = ScriptedModel(), cases: Int = 40, judges: [String] = ["judge"],
        _ change: (inout ExperimentDefinition) -> Void = { _ in }
    ) async throws -> JSONValue {
        var result: JSONValue = .null
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: cases, judges: judges)
            definition.stop.maxIterations = 3
            change(&definition)
            result = .object(try await fixture.refine(definition).result.json)
        }
        return result
    }

    @Test("one finalist needs no round before the test")
    func single() async throws {
        let json = try await finished()
        #expect(json["holdout"]?["finalists"] == [])
        #expect(json["holdout"]?["judges"] == ["judge"])
        #expect(json["holdout"]?["version_id"] != json["first_version_id"])
    }

    @Test("several finalists run on the first held-out cases, and the best of them on all")
    func several() async throws {
        let json = try await finished {
            $0.holdout = 0.5
            $0.loop.finalists = 3
            $0.loop.finalistCases = 6
        }
        let finalists = try #require(json["holdout"]?["finalists"]?.array)
        #expect(finalists.count == 3)
        #expect(finalists.allSatisfy { $0["cases"] == 6 })
        let kept = finalists.filter { $0["kept"] == true }
        #expect(kept.count == 1)
        #expect(kept.first?["version_id"] == json["holdout"]?["version_id"])
        let best = finalists.compactMap { $0["score"]?.double }.max()
        #expect(kept.first?["score"]?.double == best)
        let held = Set(
            (json["cases"]?.array ?? []).filter { $0["split"] == "holdout" }.compactMap { $0["id"]?.string })
        func cases(_ version: JSONValue?) -> Int {
            Set(
                (json["outputs"]?.array ?? []).filter { $0["version_id"] == version }
                    .compactMap { $0["case_id"]?.string }
            ).intersection(held).count
        }
        for finalist in finalists {
            #expect(cases(finalist["version_id"]) == (finalist["kept"] == true ? held.count : 6))
        }
    }

    /// Hall's t of the sample lies between the quantiles of level 0.05 and of a third of it.
    @Test("what was chosen among several must be better by more")
    func level() async throws {
        let cases = (0..<40).map { Sample.testCase(Sample.message($0)) }
        let first = SampleRun.version(1)
        let best = SampleRun.version(2, parent: first.version.id)
        try await SampleRun.context(Sample.definition(cases: cases)) { context in
            let outputs = cases.map { (SampleRun.output(first, $0), SampleRun.output(best, $0)) }
            let judgments = outputs.enumerated().flatMap { index, pair in
                [
                    SampleRun.judgment(pair.0, score: 0.5),
                    // A mean of 0.03 with a standard deviation of 0.1: t = 1.9.
                    SampleRun.judgment(pair.1, score: 0.53 + (index.isMultiple(of: 2) ? 0.1 : -0.1)),
                ]
            }
            let board = SampleRun.scoreboard(outputs.flatMap { [$0.0, $0.1] }, judgments)
            let step = PromotionStep(context: context, ensemble: .equal(["judge"]))
            let verdicts = [1, 3].map {
                step.judge(first: first, best: best, cases: cases, board: board, comparisons: $0).isPromoted
            }
            #expect(verdicts == [true, false])
        }
    }

    @Test("a proof stands where no later test can be made, with what became of that one")
    func proof() async throws {
        try await LoopFixture.running { fixture in
            var definition = fixture.definition(cases: 40)
            definition.holdout = 0.5
            definition.stop.maxIterations = 40
            definition.stop.maxCalls = 150
            let proven = try await fixture.refine(definition).result.json
            #expect(proven["verdict"] == "better")
            let tested = proven["holdout"]?["version_id"]
            // The time is up before anything is asked for.
            definition.stop.maxCalls = 1_000
            definition.stop.maxDuration = .milliseconds(1)
            let later = try await fixture.refine(definition).result.json
            #expect(later["stop_reason"] == "time")
            #expect(later["verdict"] == "better")
            #expect(later["holdout"]?["version_id"] == tested)
            #expect(later["best_version_id"] == tested)
        }
    }

    @Test("a judge of the model's family judges the search, and not the test, while there is another one")
    func family() async throws {
        let json = try await finished(judges: ["writer-large", "judge"])
        #expect(json["holdout"]?["judges"] == ["judge"])
        let held = Set(
            (json["outputs"]?.array ?? []).filter { $0["split"] == "holdout" }.compactMap { $0["id"]?.string })
        let judged = (json["judgments"]?.array ?? []).filter { held.contains($0["output_id"]?.string ?? "") }
        #expect(!judged.isEmpty)
        #expect(judged.allSatisfy { $0["judge"] == "judge" })
        #expect(
            json["agreement"]?["warnings"]?.array?.contains {
                $0.string?.contains("the test at the end goes without it") == true
            } == true)
        let alone = try await finished(judges: ["writer-large"])
        #expect(alone["holdout"]?["judges"] == ["writer-large"])
    }

    @Test("the facets say where the difference lies, with a p-value from eight cases on")
    func facets() async throws {
        let json = try await finished {
            $0.holdout = 0.5
            $0.cases = (0..<40).map { index in
                Sample.testCase(Sample.message(index), tags: [index < 34 ? "common" : "rare"])
            }.preparedForSplit()
        }
        let facets = try #require(json["holdout"]?["facets"]?.object)
        #expect(facets["tag:common"]?["cases"]?.int ?? 0 >= 8)
        #expect(facets["tag:common"]?["difference"]?.double ?? 0 > 0)
        #expect(facets["tag:rare"]?["cases"]?.int ?? 8 < 8)
        #expect(facets["tag:rare"]?["p_value"] == .null)
        #expect(facets["tag:rare"]?["different"] == false)
    }

    @Test("a later run on the same cases is told that they have decided before, and can confirm on the reserve")
    func reserve() async throws {
        try await LoopFixture.running { fixture in
            var definition = fixture.definition(cases: 60)
            definition.stop.maxIterations = 2
            definition.reserve = 0.3
            let box = EventBox()
            let first = JSONValue.object(try await fixture.refine(definition, events: box).result.json)
            #expect(first["holdout"]?["earlier_tests"] == 0)
            #expect(!box.all.contains(where: Self.isWarning))

            let again = EventBox()
            definition.name = "Another run"
            definition.cases = Sample.cases(60).preparedForSplit()
            let second = JSONValue.object(try await fixture.refine(definition, events: again).result.json)
            #expect(second["holdout"]?["earlier_tests"] == 1)
            #expect(again.all.contains(where: Self.isWarning))

            definition.confirmOn = .reserve
            definition.cases = Sample.cases(60).preparedForSplit()
            let fresh = EventBox()
            let third = JSONValue.object(try await fixture.refine(definition, events: fresh).result.json)
            #expect(third["holdout"]?["earlier_tests"] == 0)
            #expect(!fresh.all.contains(where: Self.isWarning))
            #expect(Self.inputs(third, "holdout") == Self.inputs(first, "reserve"))
            #expect(Self.inputs(third, "search") == Self.inputs(first, "search").union(Self.inputs(first, "holdout")))
            #expect(Self.inputs(third, "reserve").isEmpty)
        }
    }

    @Test("without a reserve there is nothing to confirm on, and that is said before a call")
    func noReserve() async throws {
        try await LoopFixture.running { fixture in
            var definition = fixture.definition(cases: 24)
            definition.confirmOn = .reserve
            await #expect(throws: EdisonError.self) { try await fixture.refine(definition) }
            #expect(fixture.wireCalls.isEmpty)
        }
    }

    private static func isWarning(_ event: RunEvent) -> Bool {
        if case .wornHoldout = event { true } else { false }
    }

    private static func inputs(_ json: JSONValue, _ split: String) -> Set<String> {
        Set((json["cases"]?.array ?? []).filter { $0["split"]?.string == split }.compactMap { $0["input"]?.text() })
    }
}
