import EdisonEvaluation

/// The calls that the test of a version against the first one needs, without those that have been answered.
struct TestCalls: Sendable {
    let context: RunContext
    let first: LoopVersion
    let best: LoopVersion

    var missing: (executions: Int, judgments: Int) {
        get async {
            let memo = context.evaluator.memo
            let judges = context.pointwiseJudges.filter(context.promotionJudges.contains)
            let cells = context.cells(of: [first, best], on: context.cases.holdout)
            var (executions, judgments) = (0, 0)
            var known: Set<Output.ID> = []
            for cell in cells {
                guard let output = await memo.output(cell.key) else {
                    executions += 1
                    judgments += judges.count
                    continue
                }
                known.insert(output.id)
                if output.text == nil { continue }
                for judge in judges where await memo.judgment(of: output.id, by: judge) == nil {
                    judgments += 1
                }
            }
            let pairwise = context.definition.judges.count { $0.judge.mode == .pairwise }
            if pairwise > 0 {
                // Two orders of each pair of outputs, which are as many as there are outputs.
                let compared = await memo.everything.judgments.count { judgment in
                    guard let other = judgment.otherOutputID else { return false }
                    return known.contains(judgment.outputID) && known.contains(other)
                }
                judgments += max(0, cells.count * pairwise - compared)
            }
            return (executions, judgments)
        }
    }
}
