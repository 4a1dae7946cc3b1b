import BenchmarkReporting

/// Where the calls of the search go: the mean of one round, by purpose, and what a round brings for them.
struct CallsTable {
    private(set) var table = Table(
        title: "Where the calls go, per iteration",
        head: [
            "loop", "tasks", "evidence: executions", "by the search judge", "by the others",
            "races: executions of candidates", "of the incumbent", "by the search judge", "by the others",
            "joining races", "proposals", "summaries", "all", "iterations to 90 %", "useful sentences offered",
            "iterations that accept", "useful sentences gained when one does",
        ])

    mutating func add(_ arm: Arm, _ tasks: [SimulatedTask], _ records: [RunRecord]) {
        for (name, isEasier) in [("about eleven requirements", false), ("six requirements", true)] {
            let names = tasks.filter { $0.isEasier == isEasier }.map(\.name)
            let some = records.filter { names.contains($0.task) }
            if !some.isEmpty { table.rows.append([arm.name, name] + cells(some)) }
        }
    }

    private func cells(_ records: [RunRecord]) -> [String] {
        let rounds = Double(records.reduce(0) { $0 + $1.iterations })
        func mean(_ uses: CallLedger.Use...) -> Double {
            Double(records.reduce(0) { sum, record in sum + uses.reduce(0) { $0 + record.ledger[$1] } }) / rounds
        }
        let raced = records.flatMap(\.decisions).filter { !$0.isUnion }
        let candidates = Double(raced.reduce(0) { $0 + $1.differences.count }) / rounds
        let calls = [
            mean(.execution(.evidence)), mean(.searchJudgment(.evidence)), mean(.otherJudgment(.evidence)),
            candidates, mean(.execution(.race)) - candidates, mean(.searchJudgment(.race)), mean(.otherJudgment(.race)),
            mean(.execution(.joining), .searchJudgment(.joining), .otherJudgment(.joining)), mean(.proposal),
            mean(.summary),
        ]
        let hits = records.compactMap { $0.reached(0.9)?.iteration }.sorted()
        let middle = records.count / 2
        let gained = records.flatMap { record in record.incumbents.dropFirst().compactMap { record.usefulEdits(of: $0) }
        }
        return calls.map(\.tenths) + [
            calls.reduce(0, +).tenths, hits.indices.contains(middle) ? "\(hits[middle])" : "–",
            (Double(raced.flatMap(\.edits).count { $0 > 1e-9 }) / rounds).tenths,
            (Double(gained.count) / rounds).percent,
            (Double(gained.reduce(0, +)) / Double(gained.count)).tenths,
        ]
    }
}

extension Double {
    /// One decimal; a dash for what is no number.
    var tenths: String {
        guard isFinite else { return "–" }
        let tenths = Int((abs(self) * 10).rounded())
        return (self < 0 && tenths > 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)"
    }
}
