import EdisonCore
import Testing

@testable import EdisonExperiments

@Suite("What a list shows of a result")
struct ListedExperimentTests {
    private static let result = RunResult(json: [
        "verdict": "better", "best_version_id": "v3", "cost_usd": 0.25, "holdout": ["best": 0.75, "first": 0.5],
        "outputs": ["many"], "versions": [["id": "v3", "number": 3]],
    ])

    @Test("what is stored for lists says the same as the result, and leaves the rest out")
    func stored() throws {
        let document = ListedResult.document(of: Self.result)
        let parsed = try JSONValue(parsing: document.text())
        let listed = try #require(ListedResult(stored: parsed))
        let whole = ListedResult(Self.result)
        #expect(listed.verdict == .better && listed.bestVersion == "v3")
        #expect(listed.holdout == whole.holdout && listed.cost == whole.cost && listed.cost == 0.25)
        #expect(parsed["outputs"] == nil && parsed["best_version"] == 3)
    }

    @Test("a run without a test has no holdout, and is told apart from what an earlier version has stored")
    func absent() throws {
        let plain = ListedResult.document(of: RunResult(json: ["verdict": "insufficient_data"]))
        #expect(ListedResult(stored: plain)?.holdout == .null)
        #expect(ListedResult(stored: RunSummary(Self.result).json) == nil)
        #expect(ListedResult(stored: .null) == nil)
    }
}
