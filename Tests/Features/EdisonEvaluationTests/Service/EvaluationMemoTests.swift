import EdisonCore
import EdisonEvaluation
import Testing

@Suite("What a run remembers")
struct EvaluationMemoTests {
    private func output(_ model: String) -> Output {
        Output(
            id: IDSource.random.next(), key: OutputKey(version: "v", caseID: "c", model: model), text: "x", error: nil,
            cached: false, inputTokens: 0, outputTokens: 0, cost: nil, latency: .zero)
    }

    private func judgment(_ output: Output, _ judge: String) -> Judgment {
        Judgment(
            id: IDSource.random.next(), outputID: output.id, judge: judge, mode: .pointwise, valid: true, cost: nil)
    }

    private func comparison(_ one: Output, _ other: Output, order: Int) -> Judgment {
        Judgment(
            id: IDSource.random.next(), outputID: one.id, otherOutputID: other.id, judge: "p", mode: .pairwise,
            order: order,
            winner: .first, valid: true, cost: nil)
    }

    @Test("of two judgments of the same thing the first counts, as in the store")
    func twice() async {
        let (a, b) = (output("a"), output("b"))
        let memo = EvaluationMemo()
        let first = judgment(a, "j")
        for judgment in [first, judgment(a, "j"), comparison(a, b, order: 1), comparison(a, b, order: 1)] {
            await memo.add(judgment)
        }
        #expect(await memo.everything.judgments.count == 2)
        #expect(await memo.judgment(of: a.id, by: "j")?.id == first.id)
    }

    @Test("what was stored is found like what was just added")
    func finding() async {
        let (a, b) = (output("a"), output("b"))
        let judgments = [
            judgment(a, "z"), judgment(a, "é"), judgment(a, "b"), comparison(a, b, order: 1),
            comparison(a, b, order: 2),
        ]
        let filled = EvaluationMemo(outputs: [a, b], judgments: judgments)
        let grown = EvaluationMemo()
        for output in [a, b] { await grown.add(output) }
        for judgment in judgments { await grown.add(judgment) }
        for memo in [filled, grown] {
            #expect(await memo.output(a.key) == a)
            #expect(await memo.output(OutputKey(version: "v", caseID: "c", model: "a", replicate: 1)) == nil)
            #expect(await memo.judgment(of: a.id, by: "z") == judgments[0])
            #expect(await memo.judgment(of: b.id, by: "z") == nil)
            #expect(await memo.judgments(of: a.id).map(\.judge) == ["b", "z", "é"])
            #expect(await memo.everything.judgments.count == 5)
        }
    }

    @Test("comparisons are found by who stood in which slot")
    func slots() async {
        let (a, b) = (output("a"), output("b"))
        let memo = EvaluationMemo(judgments: [comparison(a, b, order: 1), comparison(a, b, order: 2)])
        #expect(await memo.comparison(EvaluationMemo.PairKey(judge: "p", first: a.id, second: b.id))?.order == 1)
        #expect(await memo.comparison(EvaluationMemo.PairKey(judge: "p", first: b.id, second: a.id))?.order == 2)
        #expect(await memo.comparison(EvaluationMemo.PairKey(judge: "q", first: a.id, second: b.id)) == nil)
    }
}
