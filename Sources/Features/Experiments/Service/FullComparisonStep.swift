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
        let gate = SafetyGate(board: board, judges: context.allJudges)
        let places = context.cases.search.flatMap { testCase in
            context.modelNames.flatMap { model in
                context.replicates.map { SafetyGate.Place(testCase, model, $0) }
            }
        }
        let compared = candidates.map { candidate in
            let pairs = context.cases.search.compactMap { testCase -> (TestCase, Double)? in
                let scores = [parent, candidate].compactMap {
                    board.score($0.version.id, on: testCase, replicates: context.replicates)
                }
                return scores.count == 2 ? (testCase, scores[1] - scores[0]) : nil
            }
            return Compared(
                pairs: pairs, standing: race.standing(pairs.map(\.1)),
                danger: gate.danger(of: candidate, against: parent, on: places))
        }
        let best = compared.filter { $0.danger == nil }.map(\.standing.mean).max() ?? 0
        var isTaken = false
        return compared.map { item in
            let accepted = !isTaken && item.isBetter(than: 0) && item.standing.mean == best
            isTaken = isTaken || accepted
            return result(item, accepted, parent)
        }
    }

    private struct Compared {
        let pairs: [(TestCase, Double)]
        let standing: Race.Standing
        let danger: String?

        func isBetter(than mean: Double) -> Bool { danger == nil && standing.cases > 0 && standing.mean > mean }
    }

    private func result(_ item: Compared, _ accepted: Bool, _ parent: LoopVersion) -> RaceStep.Result {
        let reason =
            accepted
            ? "gained \(item.standing.signed) on all \(item.standing.cases) search cases"
            : item.danger
                ?? (item.isBetter(than: 0) ? "another candidate gained more" : item.standing.rejected)
        return RaceStep.Result(
            accepted: accepted, reason: reason, standing: item.standing, cases: Set(item.pairs.map(\.0.key)),
            record: RaceRecord(
                opponent: parent.version.id, judges: context.pointwiseJudges, models: context.modelNames,
                differences: item.pairs.map {
                    RaceRecord.Difference(testCase: $0.0.id, replicate: 0, value: $0.1)
                }))
    }
}
