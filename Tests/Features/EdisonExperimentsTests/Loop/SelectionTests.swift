import EdisonCore
import EdisonTestKit
import Testing

@testable import EdisonExperiments

@Suite("Which accepted version is tested at the end")
struct SelectionTests {
    private func finished(_ rule: Selector.Rule) async throws -> JSONValue {
        var result: JSONValue = .null
        try await LoopFixture.running(ImprovingRun.model) { fixture in
            var definition = fixture.definition(cases: 40)
            definition.stop.maxIterations = 3
            definition.selector = Selector(rule)
            result = .object(try await fixture.refine(definition).result.json)
        }
        return result
    }

    @Test(
        "a rule other than the incumbent measures every accepted version on the same search cases",
        arguments: [Selector.Rule.score, .lowerBound, .cost, .latency])
    func common(_ rule: Selector.Rule) async throws {
        let json = try await finished(rule)
        let accepted = (json["versions"]?.array ?? []).filter { ["accepted", "promoted"].contains($0["status"]) }
            .compactMap {
                $0["id"]?.string
            }
        try #require(accepted.count > 1)
        let scores = Dictionary(
            (json["scores"]?.array ?? []).compactMap { row in
                row["score"]?.double.map { (row["output_id"]?.string ?? "", $0) }
            }, uniquingKeysWith: { first, _ in first })
        func searched(_ version: String) -> [String: Double] {
            Dictionary(
                (json["outputs"]?.array ?? []).compactMap { output in
                    guard output["version_id"]?.string == version, output["split"] == "search",
                        let score = scores[output["id"]?.string ?? ""]
                    else { return nil }
                    return (output["case_id"]?.string ?? "", score)
                }, uniquingKeysWith: { first, _ in first })
        }
        let values = accepted.map { (id: $0, scores: searched($0)) }
        let cases = values.dropFirst().reduce(Set(values[0].scores.keys)) { $0.intersection($1.scores.keys) }
        #expect(cases.count >= 4)
        let chosen = json["holdout"]?["version_id"]?.string
        #expect(accepted.contains(chosen ?? ""))
        // Every call costs the same here, so that the cost takes nothing from the score.
        guard rule == .score || rule == .cost else { return }
        func mean(_ version: (id: String, scores: [String: Double])) -> Double {
            cases.reduce(0) { $0 + (version.scores[$1] ?? 0) } / Double(cases.count)
        }
        #expect(values.max { mean($0) < mean($1) }?.id == chosen)
    }
}
