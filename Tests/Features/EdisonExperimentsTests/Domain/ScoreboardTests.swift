import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonPrompts
import Testing

@Suite("Scores of versions on cases")
struct ScoreboardTests {
    private let version = SampleRun.version(1)
    private let testCase = Sample.testCase("Hello")

    private func output(_ model: String = "writer", replicate: Int = 0, text: String? = "ok") -> Output {
        Output(
            id: IDSource.random.next(),
            key: OutputKey(
                version: version.version.id.text, caseID: testCase.id.text, model: model, replicate: replicate),
            text: text, error: text == nil ? "no" : nil, cached: false, inputTokens: 0, outputTokens: 0, cost: nil,
            latency: .zero)
    }

    private func board(
        _ scored: [(Output, [String: Double?])], rubric: Rubric = Sample.rubric,
        models: [String] = ["writer", "other"],
        ensemble: Ensemble = .equal(["judge"])
    ) -> Scoreboard {
        Scoreboard(
            rubric: rubric, ensemble: ensemble, models: models, outputs: scored.map(\.0),
            judgments: scored.flatMap { output, scores in
                scores.map { SampleRun.judgment(output, score: $0.value, judge: $0.key) }
            })
    }

    private func isClose(_ left: Double?, _ right: Double) -> Bool { left.map { abs($0 - right) < 1e-12 } ?? false }

    @Test("replicates are averaged inside a model, and the models then, each with one voice")
    func averaging() {
        let board = board([
            (output(replicate: 0), ["judge": 0.2]), (output(replicate: 1), ["judge": 0.4]),
            (output(replicate: 2), ["judge": 0.6]),
            (output("other"), ["judge": 1]),
        ])
        let id = version.version.id
        #expect(isClose(board.score(id, on: testCase, replicates: [0, 1, 2]), (0.4 + 1) / 2))
        #expect(isClose(board.score(id, on: testCase), (0.2 + 1) / 2))
        #expect(isClose(board.score(id, on: testCase, models: ["writer"], replicates: [1, 2]), 0.5))
    }

    @Test("failed and unjudged outputs are missing, never 0")
    func missing() {
        let board = board([
            (output(replicate: 0), ["judge": 0.5]), (output(replicate: 1, text: nil), [:]),
            (output(replicate: 2), ["judge": nil]),
            (output(replicate: 3), [:]), (output("other", text: nil), [:]),
        ])
        let id = version.version.id
        #expect(isClose(board.score(id, on: testCase, replicates: [0, 1, 2, 3]), 0.5))
        #expect(board.score(id, on: testCase, models: ["other"]) == nil)
        #expect(board.score(id, on: Sample.testCase("Other")) == nil)
    }

    @Test("only the named judges count")
    func judges() {
        let board = board([(output(), ["judge": 0.2, "second": 0.8])], ensemble: .equal(["judge", "second"]))
        #expect(isClose(board.score(version.version.id, on: testCase), 0.5))
        #expect(isClose(board.score(version.version.id, on: testCase, judges: ["second"]), 0.8))
    }

    @Test("a check of the case itself that fails, fails the case")
    func ownChecks() {
        var strict = testCase
        strict.checks = [["contains": "please"], ["max_words": 5]]
        let board = board([(output(text: "yes please"), ["judge": 0.8]), (output("other", text: "no"), ["judge": 0.8])])
        #expect(isClose(board.score(version.version.id, on: strict, models: ["writer"]), 0.8))
        #expect(board.score(version.version.id, on: strict, models: ["other"]) == 0)
    }

    @Test("the rubric's checks are decided by the output, and by what is expected of the case")
    func checks() throws {
        let rubric = Rubric([
            Criterion(name: "Quality", weight: 0.5),
            Criterion(name: "Exact", weight: 0.5, check: try Check(json: ["equals": "{expected}"])),
        ])
        var expecting = testCase
        expecting.expected = "ok"
        let board = board([(output(), ["judge": 0.6])], rubric: rubric)
        #expect(isClose(board.score(version.version.id, on: expecting), 0.5 * 0.6 + 0.5))
        #expect(
            isClose(board.score(version.version.id, on: testCase), 0.6), "without expected the check does not apply")
    }
}
