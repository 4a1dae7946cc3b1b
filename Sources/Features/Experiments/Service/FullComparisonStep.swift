import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts

/// The full comparison: every candidate on every search case, with every model and judge; the best wins if its mean
/// paired difference is above 0.
struct FullComparisonStep: Sendable {
    let context: RunContext
    let ensemble: Ensemble

    func run(_ candidates: [LoopVersion], parent: LoopVersion) async throws -> [RaceStep.Result] {
        let evidence = EvidenceStep(context: context)
        for version in [parent] + candidates { try await evidence.evaluate(version, on: context.cases.search) }
        let board = await context.scoreboard(ensemble)
        let race = Race(context.settings.race)
        let results = candidates.map { candidate in
            let pairs = context.cases.search.compactMap { testCase -> (TestCase, Double)? in
                let scores = [parent, candidate].compactMap {
                    board.score($0.version.id, on: testCase, replicates: context.replicates)
                }
                return scores.count == 2 ? (testCase, scores[1] - scores[0]) : nil
            }
            return (pairs, race.standing(pairs.map(\.1)))
        }
        let best = results.map(\.1.mean).max() ?? 0
        var isTaken = false
        return results.map { pairs, standing in
            let accepted = !isTaken && standing.cases > 0 && standing.mean > 0 && standing.mean == best
            isTaken = isTaken || accepted
            return RaceStep.Result(
                accepted: accepted,
                reason: accepted
                    ? "gained \(standing.signed) on all \(standing.cases) search cases"
                    : standing.mean > 0 ? "another candidate gained more" : "gained only \(standing.signed)",
                standing: standing, cases: Set(pairs.map(\.0.key)),
                record: RaceRecord(
                    opponent: parent.version.id, judges: context.pointwiseJudges, models: context.modelNames,
                    differences: pairs.map {
                        RaceRecord.Difference(testCase: $0.0.id, replicate: 0, value: $0.1)
                    }))
        }
    }
}
