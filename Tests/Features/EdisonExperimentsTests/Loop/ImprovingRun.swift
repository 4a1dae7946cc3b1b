import EdisonCore
import EdisonDatasets
import EdisonExperiments
import EdisonTestKit

/// One whole run in which a prompt gets better, made once for all the tests that look at it.
struct ImprovingRun: Sendable {
    let result: RunResult
    let calls: [WireCall]
    let requests: Int

    /// Gains with every rule, with some cases more than with others.
    static var model: ScriptedModel {
        var model = ScriptedModel()
        model.score = { rules, call in
            let draw = Double(DerivedSeed(1, call["case_input"] ?? "").value % 1_000) / 1_000
            return min(1, 0.2 + Double(rules) * (0.08 + 0.08 * draw))
        }
        return model
    }

    private static let run = Task {
        var run: ImprovingRun?
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(judges: ["judge", "second"])
            definition.cases = (0..<60).map { Sample.testCase("zebra\($0)x has a question") }.preparedForSplit()
            definition.stop.maxIterations = 3
            let result = try await fixture.refine(definition).result
            run = ImprovingRun(result: result, calls: fixture.wireCalls, requests: fixture.server.requests.count)
        }
        guard let run else { throw EdisonError(.internal, "The run gave nothing.") }
        return run
    }

    static var shared: ImprovingRun { get async throws { try await run.value } }

    var cases: [JSONValue] { result.json["cases"]?.array ?? [] }
    var outputs: [JSONValue] { result.json["outputs"]?.array ?? [] }
    var versions: [JSONValue] { result.json["versions"]?.array ?? [] }

    func calls(_ schema: String?) -> [WireCall] { calls.filter { $0.schema == schema } }
}
