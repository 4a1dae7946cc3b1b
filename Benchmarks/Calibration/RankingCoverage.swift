import BenchmarkReporting
import EdisonStatistics
import Foundation

/// How often the 95 % intervals of pairwise rankings hold the true difference of two strengths, and whether length is told
/// apart from strength.
enum RankingCoverage {
    private static let runs = 400

    static var table: Table {
        var table = Table(
            title: "Rankings of pairs",
            head: [
                "cases", "what length is worth to the judge", "coverage of the difference, raw", "at equal length",
                "of what length is worth",
                "mean difference, raw", "at equal length", "true",
            ])
        for cases in [40, 100] { for length in [0, 1.0] { table.rows.append(row(cases, length)) } }
        return table
    }

    /// Two versions; the better one writes longer texts in three cases of four.
    private static func row(_ cases: Int, _ length: Double) -> [String] {
        var source = Xoshiro256StarStar(seed: UInt64(cases))
        let truth = 0.8
        var covered = (raw: 0, controlled: 0, length: 0)
        var means = (raw: 0.0, controlled: 0.0)
        for run in 0..<runs {
            let verdicts = (0..<cases).map { _ -> [LengthMatch] in
                let gap = (source.unit < 0.75 ? 1 : -1) * (0.2 + 0.6 * source.unit)
                let chance = 1 / (1 + exp(-(truth + length * tanh(gap / 0.53))))
                let isWon = source.unit < chance
                return [
                    LengthMatch(Match(winner: isWon ? 0 : 1, loser: isWon ? 1 : 0), logLengthGap: isWon ? gap : -gap)
                ]
            }
            let plan = ResamplePlan.random(resamples: 500, seed: UInt64(run))
            let raw = BradleyTerryBootstrap(items: 2, cases: verdicts.map { $0.map(\.match) }, plan: plan)
            let controlled = LengthControlledBradleyTerry(items: 2, cases: verdicts, plan: plan)
            if raw.differenceInterval(0, 1)?.contains(truth) == true { covered.raw += 1 }
            if controlled.differenceInterval(0, 1)?.contains(truth) == true { covered.controlled += 1 }
            if controlled.lengthEffectInterval?.contains(length) == true { covered.length += 1 }
            if let found = raw.strengths { means.raw += (found[0] - found[1]) / Double(runs) }
            if let found = controlled.strengths { means.controlled += (found[0] - found[1]) / Double(runs) }
        }
        return [
            "\(cases)", length.short, (Double(covered.raw) / Double(runs)).short,
            (Double(covered.controlled) / Double(runs)).short, (Double(covered.length) / Double(runs)).short,
            means.raw.short, means.controlled.short, truth.short,
        ]
    }
}
