import EdisonCore
import EdisonStatistics

/// The paired difference on the held-out cases, corrected by the labels of the cases that were picked for it.
struct HoldoutCorrection: Sendable {
    let estimate: LabelCorrectedMean
    /// Cases of which people scored the outputs of both versions.
    private(set) var cases = 0
    private(set) var unlabelled = 0
    private(set) var picked: [LabelPick.Reason: Int] = [:]
    /// What each cluster brings in, so that the estimate can be computed again.
    private var rows: [JSONValue] = []

    init(_ run: LabelledRun, labels: [Label]) {
        // A label without a pick is of an output that somebody chose: it must not speak for the others.
        let picks = labels.filter { $0.pick != nil }
        let reasons = Dictionary(
            picks.map { ($0.output.text, $0.pick?.reason) }, uniquingKeysWith: { first, _ in first })
        let composites = Dictionary(grouping: picks, by: \.output.text).compactMapValues { same in
            LabelPicker.mean(same.compactMap(run.composite(of:)))
        }
        let clusters = run.clusters.map { Content($0, run, composites) }
        let known = Set(clusters.indices.filter { !clusters[$0].pairs.isEmpty })
        let design = LabelPicker(run).probabilities(labelled: known)
        // Of what was shown, a part is labelled: what a person skipped counts as unlabelled.
        let share = design.picked == 0 ? 0 : Double(known.count) / Double(design.picked)
        var units: [LabelCorrectedMean.Unit] = []
        for (place, cluster) in clusters.enumerated() {
            let probability = share * (design.byCluster[place] ?? 0)
            if let label = LabelPicker.mean(cluster.pairs.map(\.label)),
                let judged = LabelPicker.mean(cluster.pairs.map(\.judged))
            {
                cases += cluster.pairs.count
                let outputs = run.clusters[place].cases.flatMap(\.rows).flatMap(\.outputs)
                if let reason = outputs.lazy.compactMap({ reasons[$0] ?? nil }).first {
                    picked[reason, default: 0] += cluster.pairs.count
                }
                units.append(
                    .init(label: label, judged: judged, size: cluster.pairs.count, probability: probability))
            } else if let judged = LabelPicker.mean(cluster.judged) {
                unlabelled += cluster.judged.count
                units.append(
                    .init(
                        label: nil, judged: judged, size: cluster.judged.count,
                        probability: min(probability, 1 - 1e-12)))
            }
        }
        estimate = LabelCorrectedMean(run.isComparison ? units : [])
        rows = zip(units, run.clusters).map { unit, cluster in
            [
                "cases": .array(cluster.cases.map { .string($0.id) }), "probability": .number(unit.probability),
                "size": .integer(Int64(unit.size)), "judges": .number(unit.judged), "people": JSONValue(unit.label),
            ]
        }
    }

    /// How many labelled cases are missing before anything is corrected; cases of one cluster count once.
    var missing: Int { max(0, LabelCorrectedMean.leastLabelled - estimate.labelled) }

    var json: JSONValue {
        guard missing == 0, let value = estimate.value, let interval = estimate.interval else { return .null }
        return [
            "difference": .number(value), "interval": [.number(interval.lower), .number(interval.upper)],
            "level": 0.95, "labels": .integer(Int64(cases)), "clusters": .integer(Int64(estimate.labelled)),
            "unlabelled": .integer(Int64(unlabelled)), "lambda": JSONValue(estimate.lambda),
            "picked": .object(
                JSONObject(
                    LabelPick.Reason.allCases.map { ($0.rawValue, .integer(Int64(picked[$0] ?? 0))) })),
            "method": "prediction-powered mean (PPI++)", "units": .array(rows),
        ]
    }

    /// The differences of one cluster's cases.
    private struct Content {
        /// Of the cases that people labelled: what they say, and what the judges say of the same outputs.
        let pairs: [(label: Double, judged: Double)]
        /// Of all cases, over all models.
        let judged: [Double]

        init(_ cluster: LabelledRun.Cluster, _ run: LabelledRun, _ composites: [String: Double]) {
            pairs = cluster.cases.compactMap { testCase in
                let both = testCase.rows.compactMap { row -> (label: Double, judged: Double)? in
                    guard let label = run.contrast(row, { composites[$0] }),
                        let judged = run.contrast(row, run.score(of:))
                    else { return nil }
                    return (label, judged)
                }
                guard let label = LabelPicker.mean(both.map(\.label)),
                    let judged = LabelPicker.mean(both.map(\.judged))
                else { return nil }
                return (label, judged)
            }
            judged = cluster.cases.compactMap { testCase in
                LabelPicker.mean(testCase.rows.compactMap { run.contrast($0, run.score(of:)) })
            }
        }
    }
}
