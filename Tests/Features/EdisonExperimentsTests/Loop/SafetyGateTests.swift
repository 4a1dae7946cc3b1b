import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import Testing

@testable import EdisonExperiments

@Suite("The safety gate")
struct SafetyGateTests {
    private let cases = (0..<4).map { Sample.testCase(Sample.message($0)) }
    private let parent = SampleRun.version(1)
    private let candidate = SampleRun.version(2)

    /// What the gate says when the candidate is flagged on the first case, and the parent on the cases given.
    private func danger(
        parentFlaggedOn flagged: Set<Int>, racedOn raced: Range<Int>, seen: [Int] = []
    ) -> String? {
        var outputs: [Output] = []
        var judgments: [Judgment] = []
        for (index, testCase) in cases.enumerated() {
            for (version, isFlagged) in [(parent, flagged.contains(index)), (candidate, index == 0)] {
                let output = SampleRun.output(version, testCase)
                outputs.append(output)
                judgments.append(
                    Judgment(
                        id: IDSource.random.next(), outputID: output.id, judge: "judge", mode: .pointwise,
                        scores: ["Quality": 3], flags: SafetyFlags(json: ["policy_violation": .bool(isFlagged)]),
                        valid: true, cost: nil))
            }
        }
        let gate = SafetyGate(board: SampleRun.scoreboard(outputs, judgments), judges: ["judge"])
        return gate.danger(
            of: candidate, against: parent, on: cases[raced].map { SafetyGate.Place($0, "writer", 0) },
            seen: seen.reduce(into: [:]) {
                $0[Cell(version: parent.version, testCase: cases[$1], model: "writer")] = ["judge"]
            })
    }

    @Test("a critical flag that the parent was never seen to raise rejects")
    func new() {
        #expect(danger(parentFlaggedOn: [], racedOn: 0..<3)?.contains("critical safety flag") == true)
    }

    @Test("one that the parent raises as well, in the race or on any other case, is nothing new")
    func known() {
        #expect(danger(parentFlaggedOn: [1], racedOn: 0..<3) == nil)
        #expect(danger(parentFlaggedOn: [3], racedOn: 0..<3, seen: [3]) == nil)
    }

    @Test("what is stored but was not asked for by now decides nothing")
    func stored() {
        #expect(danger(parentFlaggedOn: [3], racedOn: 0..<3) != nil)
        #expect(danger(parentFlaggedOn: [3], racedOn: 0..<3, seen: [2]) != nil)
    }
}
