import EdisonCore
import EdisonEvaluation

/// Which outputs of a run are given to people: whole clusters in the order of the plan, of each case the outputs of one
/// model and replicate, drawn by the seed. One model a case, since a further case tells more than a further model.
struct LabelPicker: Sendable {
    let run: LabelledRun
    private let plan: LabelPlan

    init(_ run: LabelledRun) {
        self.run = run
        plan = LabelPlan(
            run.clusters.map { LabelPlan.Unit(key: $0.key, disagreement: Self.disagreement($0, run)) }, seed: run.seed)
    }

    struct Picked: Sendable {
        let testCase: LabelledRun.Case
        let row: LabelledRun.Row
        let pick: LabelPick
    }

    /// The first clusters of the plan with this many cases together, or all there are.
    func picks(cases count: Int) -> [Picked] {
        var clusters = 0
        var cases = 0
        while cases < count, clusters < plan.order.count {
            cases += run.clusters[plan.order[clusters].unit].cases.count
            clusters += 1
        }
        let probabilities = plan.probabilities(first: clusters)
        return plan.order.prefix(clusters).flatMap { place in
            run.clusters[place.unit].cases.map { testCase in
                Picked(
                    testCase: testCase, row: row(of: testCase),
                    pick: LabelPick(reason: place.reason, probability: probabilities[place.unit] ?? 1))
            }
        }
    }

    /// How many cases there are to pick from.
    var available: Int { run.clusters.reduce(0) { $0 + $1.cases.count } }

    /// The cases of the clusters that were picked before, by their outputs.
    func count(of picked: Set<String>) -> Int {
        let last = plan.order.lastIndex { place in
            run.clusters[place.unit].cases.contains { $0.rows.contains { $0.outputs.contains(where: picked.contains) } }
        }
        return plan.order.prefix((last ?? -1) + 1).reduce(0) { $0 + run.clusters[$1.unit].cases.count }
    }

    /// The probability with which each cluster, by its place, came to be among the first of the plan up to the last
    /// labelled one; and how many those are. People are asked in the order of the plan, so what was picked beyond it
    /// is not labelled because its turn has not come.
    func probabilities(labelled places: Set<Int>) -> (byCluster: [Int: Double], picked: Int) {
        let count = (plan.order.lastIndex { places.contains($0.unit) } ?? -1) + 1
        return (plan.probabilities(first: count), count)
    }

    private func row(of testCase: LabelledRun.Case) -> LabelledRun.Row {
        let draw = DerivedSeed(run.seed, "label", "row", testCase.key).value
        return testCase.rows[Int(draw % UInt64(testCase.rows.count))]
    }

    /// How far the judges' own contrasts of the cluster lie apart: their standard deviation.
    private static func disagreement(_ cluster: LabelledRun.Cluster, _ run: LabelledRun) -> Double? {
        let rows = cluster.cases.flatMap(\.rows)
        let means = run.judges.compactMap { judge in
            mean(
                rows.compactMap { row in
                    run.contrast(row) { output in
                        run.judgments(of: output).first { $0.judge == judge }.flatMap { run.score(of: output, by: $0) }
                    }
                })
        }
        guard means.count > 1, let middle = mean(means) else { return nil }
        let squares = means.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
        return (squares / Double(means.count - 1)).squareRoot()
    }

    static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
