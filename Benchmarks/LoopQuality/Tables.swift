import BenchmarkReporting
import ProviderSimulator

enum TaskTable {
    static func table(_ tasks: [SimulatedTask]) -> Table {
        Table(
            title: "The tasks", head: ["task", "tuned on", "hidden requirements", "first prompt", "best prompt"],
            rows: tasks.map {
                [
                    $0.name, $0.isHeldOut ? "no" : "yes", "\($0.apprentice.allInstructions.count)", $0.first.short,
                    $0.reachable.short,
                ]
            })
    }
}

enum QualityTable {
    static func table(_ arm: Arm, _ tasks: [SimulatedTask], _ records: [RunRecord]) -> Table {
        var table = Table(
            title: "Loop: \(arm.name)",
            head: [
                "tasks", "runs", "calls to 80 % (reached)", "calls to 90 % (reached)", "executions to 90 %",
                "calls of the search", "end, of reachable", "accepted versions that do not help",
                "accepted edits that do not help", "edits at the end that do not help", "promoted", "wrongly promoted",
                "frozen",
            ])
        func add(_ name: String, _ records: [RunRecord]) {
            guard !records.isEmpty else { return }
            table.rows.append([name] + Figures(records).cells)
        }
        for task in tasks { add(task.name, records.filter { $0.task == task.name }) }
        for (name, isHeldOut) in [("all that were tuned on", false), ("all that were held out", true)] {
            for (difficulty, isEasier) in [("about eleven requirements", false), ("six requirements", true)] {
                let names = tasks.filter { $0.isHeldOut == isHeldOut && $0.isEasier == isEasier }.map(\.name)
                if names.count > 1 {
                    add("\(difficulty), \(name)", records.filter { names.contains($0.task) })
                }
            }
        }
        return table
    }
}

/// The figures of some runs of one arm.
struct Figures {
    let records: [RunRecord]

    init(_ records: [RunRecord]) { self.records = records }

    var cells: [String] {
        let ends = Sample(records.map { $0.last / $0.reachable })
        return [
            "\(records.count)", reached(0.8, \.calls), reached(0.9, \.calls), reached(0.9, \.executions),
            Sample(records.map { Double($0.searchCalls) }).mean.rounded0,
            "\(ends.mean.short) ± \(ends.halfWidth.short)",
            useless(records.flatMap(\.accepted).map(\.gain)), useless(records.flatMap(\.accepted).flatMap(\.edits)),
            useless(records.flatMap(\.standingEdits)), "\(records.count(where: \.isPromoted))",
            "\(records.count { $0.isPromoted && $0.last <= $0.first })", "\(records.count(where: \.isFrozen))",
        ]
    }

    /// The median over all runs, those that never got there counting as infinite.
    private func reached(_ share: Double, _ value: KeyPath<RunRecord.Decision, Int>) -> String {
        let hits = records.compactMap { $0.reached(share)?[keyPath: value] }.sorted()
        let middle = records.count / 2
        let median = hits.indices.contains(middle) ? "\(hits[middle])" : "–"
        return "\(median) (\(hits.count))"
    }

    private func useless(_ gains: [Double]) -> String {
        let count = gains.count { $0 <= 1e-9 }
        return gains.isEmpty ? "–" : "\((Double(count) / Double(gains.count)).percent) (\(count) of \(gains.count))"
    }
}

enum IdleTable {
    static func table(_ records: [RunRecord]) -> Table {
        Table(
            title: "Edits without effect", head: ["runs", "accepted versions", "tested at the end", "promoted"],
            rows: [
                [
                    "\(records.count)", "\(records.reduce(0) { $0 + $1.accepted.count })",
                    "\(records.count { $0.incumbents.count > 1 })", "\(records.count(where: \.isPromoted))",
                ]
            ])
    }
}

enum RaisedTable {
    static func table(_ arm: Arm, _ records: [RunRecord]) -> Table {
        Table(
            title: "A limit that is raised", head: ["limit of calls", "runs", "promoted"],
            rows: arm.limits.enumerated().map { index, limit in
                ["\(limit)", "\(records.count)", "\(records.count { $0.promotions[index] })"]
            } + [
                ["versions tested in a run, mean", "", Sample(records.map { Double($0.tests) }).mean.short]
            ])
    }
}

enum SabotageTable {
    static func table(_ rows: [(arm: Arm, records: [RunRecord])]) -> Table {
        Table(
            title: "Judges that sabotage",
            head: [
                "who sabotages", "runs", "worse at the end of the search", "promoted", "worse and promoted",
                "end, of reachable",
            ],
            rows: rows.map { arm, records in
                let ends = Sample(records.map { $0.last / $0.reachable })
                return [
                    arm.name, "\(records.count)", "\(records.count { $0.last < $0.first })",
                    "\(records.count(where: \.isPromoted))",
                    "\(records.count { $0.isPromoted && $0.last <= $0.first })",
                    "\(ends.mean.short) ± \(ends.halfWidth.short)",
                ]
            })
    }
}

enum FrozenTable {
    static func table(_ records: [RunRecord]) -> Table {
        let ends = Sample(records.map { $0.last / $0.reachable })
        return Table(
            title: "Runs that a lucky incumbent freezes",
            head: [
                "runs", "iterations at most", "frozen", "without any acceptance", "90 % reached", "end, of reachable",
            ],
            rows: [
                [
                    "\(records.count)", "\(Arm.long.iterations)", "\(records.count(where: \.isFrozen))",
                    "\(records.count { $0.accepted.isEmpty })", "\(records.count { $0.reached(0.9) != nil })",
                    "\(ends.mean.short) ± \(ends.halfWidth.short)",
                ]
            ])
    }
}

/// A sample with its mean and the half width of the 95 % interval of the mean, by the normal quantile.
struct Sample {
    let mean: Double
    let halfWidth: Double

    init(_ values: [Double]) {
        let n = Double(values.count)
        let mean = n > 0 ? values.reduce(0, +) / n : .nan
        self.mean = mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        halfWidth = n > 1 ? 1.96 * (squares / (n - 1) / n).squareRoot() : .nan
    }
}

extension Double {
    var percent: String { isFinite ? "\(Int((self * 100).rounded())) %" : "–" }
    var rounded0: String { isFinite ? "\(Int(rounded()))" : "–" }
}
