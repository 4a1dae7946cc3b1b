import BenchmarkReporting
import EdisonExperiments
import EdisonStatistics

/// How often the interval that is shown with a race holds the true difference, though the race ended when it did because
/// of what was seen by then.
enum RaceIntervals {
    private static let runs = 20_000
    private static let deviation = 0.2

    static var table: Table {
        var table = Table(
            title: "Races",
            head: ["true difference", "distribution", "kept", "mean cases", "coverage of 95 %", "of those kept"])
        for shape in [Shape.normal, .leftSkewed] {
            for truth in [-0.05, 0, 0.05, 0.1] { table.rows.append(row(truth, shape)) }
        }
        return table
    }

    private static func row(_ truth: Double, _ shape: Shape) -> [String] {
        var source = Xoshiro256StarStar(seed: UInt64(1_000 + truth * 100))
        let settings = RaceSettings()
        let race = Race(settings)
        var (kept, cases, covered, coveredKept, shown, shownKept) = (0, 0, 0, 0, 0, 0)
        for _ in 0..<runs {
            let differences = (0..<settings.maxCases).map { _ in truth + deviation * shape.draw(&source) }
            var looked = 0
            var decision = race.decide([], looked: 0, available: settings.maxCases)
            while case .goOn(let next) = decision {
                looked = next
                decision = race.decide(
                    Array(differences.prefix(looked)), looked: looked, available: settings.maxCases)
            }
            cases += looked
            let isKept = decision == .accept
            if isKept { kept += 1 }
            guard let interval = CaseStatistics.interval(ofMean: Array(differences.prefix(looked))) else { continue }
            let holds = interval.contains(truth)
            shown += 1
            if holds { covered += 1 }
            if isKept { shownKept += 1 }
            if isKept, holds { coveredKept += 1 }
        }
        return [
            truth.short, shape.rawValue, share(kept, of: runs), (Double(cases) / Double(runs)).short,
            share(covered, of: shown), share(coveredKept, of: shownKept),
        ]
    }

    private static func share(_ count: Int, of all: Int) -> String { (Double(count) / Double(all)).short }
}
