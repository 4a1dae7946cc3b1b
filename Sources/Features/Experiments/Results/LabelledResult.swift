import EdisonCore
import EdisonEvaluation

/// A result with what people said: the labels, the difference on the held-out cases corrected by them, and how each
/// judge agrees with people. The judges' own figures, their weights and the verdict stay as they are.
struct LabelledResult: Sendable {
    private let result: RunResult
    /// nil where there is nothing to say: not read out of a result that may have 100,000 outputs.
    private let run: LabelledRun?
    private let labels: [Label]

    init(_ result: RunResult, labels: [Label]) {
        self.result = result
        let isAsked = !labels.isEmpty || result.json["holdout"]?.object != nil
        let run = isAsked ? LabelledRun(result) : nil
        self.run = run
        self.labels = labels.filter { run?.outputs[$0.output.text] != nil }
            .sorted { $0.output != $1.output ? $0.output < $1.output : bytewise($0.author, $1.author) }
    }

    var labelled: RunResult {
        var json = result.json
        json["labels"] = .array(labels.map(row))
        if let run, var holdout = json["holdout"]?.object {
            let correction = HoldoutCorrection(run, labels: labels)
            holdout["corrected"] = correction.json
            holdout["labels_missing"] = .integer(Int64(correction.missing))
            json["holdout"] = .object(holdout)
        }
        if var agreement = json["agreement"]?.object {
            agreement["people"] = labels.isEmpty ? nil : run.map { PeopleAgreement($0, labels: labels).json }
            json["agreement"] = .object(agreement)
        }
        return RunResult(json: json)
    }

    private func row(_ label: Label) -> JSONValue {
        [
            "output_id": .string(label.output.text), "author": .string(label.author), "scores": label.scoresJSON,
            "composite": JSONValue(run?.composite(of: label)), "picked": JSONValue(label.pick?.reason.rawValue),
            "probability": JSONValue(label.pick?.probability), "created_at": .string(label.createdAt.rfc3339),
        ]
    }
}
