import EdisonCore
import EdisonEvaluation
import EdisonStatistics

/// How each pointwise judge, and the ensemble, agree with people on the outputs that people labelled.
///
/// Compared is what judges decide: the composite over the judged criteria. Checks would be equal on both sides.
struct PeopleAgreement: Sendable {
    private let run: LabelledRun
    private let outputs: [String]
    /// One judgment an output: what people said, the mean where several did.
    private let people: [String: Judgment]

    init(_ run: LabelledRun, labels: [Label]) {
        self.run = run
        people = Dictionary(grouping: labels, by: \.output.text).mapValues { same in
            let scores = run.rubric.judged.compactMap { criterion in
                LabelPicker.mean(same.compactMap { $0.scores[criterion.name] }).map { (criterion.name, $0) }
            }
            return Judgment(
                label: Label(
                    output: same[0].output, scores: Dictionary(scores, uniquingKeysWith: { first, _ in first })))
        }
        outputs = people.keys.sorted()
    }

    var json: JSONValue {
        let labels = outputs.map { people[$0].flatMap(run.scoring.judgedPart) }
        let rows = run.judges.map { judge in outputs.map { composite(of: $0, by: judge) } }
        let isKnown = rows.count > 1 && labels.compactMap(\.self).count >= JudgeWeights.leastLabels
        let weights = isKnown ? JudgeWeights(scores: rows, labels: labels) : nil
        let ensemble = outputs.map { run.scoring.score(run.judgments(of: $0), checks: [:]) }
        return [
            "outputs": .integer(Int64(outputs.count)), "ensemble": .object(comparison(ensemble, labels)),
            "judges": .object(
                JSONObject(
                    run.judges.enumerated().map { place, judge in
                        var found = comparison(rows[place], labels)
                        found["per_criterion"] = .object(
                            JSONObject(run.rubric.judged.map { ($0.name, JSONValue(alpha(of: $0, judge))) }))
                        found["weight_by_people"] = JSONValue(weights?.weights[place])
                        return (judge, .object(found))
                    })),
        ]
    }

    private func composite(of output: String, by judge: String) -> Double? {
        run.judgments(of: output).first { $0.judge == judge }.flatMap(run.scoring.judgedPart)
    }

    private func comparison(_ judged: [Double?], _ labels: [Double?]) -> JSONObject {
        let both = zip(judged, labels).compactMap { judged, label in
            judged.flatMap { score in label.map { (score, $0) } }
        }
        return [
            "outputs": .integer(Int64(both.count)),
            "alpha": JSONValue(KrippendorffAlpha(ratings: [judged, labels], level: .interval).alpha),
            "correlation": JSONValue(RatingCorrelation(both.map(\.0), both.map(\.1)).pearson),
            "offset": JSONValue(LabelPicker.mean(both.map { $0.0 - $0.1 })),
        ]
    }

    private func alpha(of criterion: Criterion, _ judge: String) -> Double? {
        let judged = outputs.map { output in
            run.judgments(of: output).first { $0.judge == judge }?.scores[criterion.name]
        }
        return KrippendorffAlpha(
            ratings: [judged, outputs.map { people[$0]?.scores[criterion.name] }], level: .ordinal
        ).alpha
    }
}
