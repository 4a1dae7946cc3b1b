import EdisonCore
import EdisonExperiments

/// What labels by people say about a result, in a few lines; nothing without labels.
struct PeopleText {
    private let result: RunResult
    private let style: Style

    init(_ result: RunResult, style: Style) {
        self.result = result
        self.style = style
    }

    var lines: [String] {
        guard let people = result.json["agreement"]?["people"], people.object != nil else { return [] }
        return [style.bold("Labels by people (\(people["outputs"]?.int ?? 0) outputs)")] + correction
            + (people["judges"]?.object?.members ?? []).map { "  judge \($0.key): \(Self.words($0.value))" }
    }

    private var correction: [String] {
        guard let holdout = result.json["holdout"], holdout.object != nil else { return [] }
        guard let corrected = holdout["corrected"], corrected.object != nil else {
            let missing = holdout["labels_missing"]?.int ?? 0
            let subject = missing == 1 ? "1 more held-out case needs" : "\(missing) more held-out cases need"
            return ["  difference     \(subject) labels before it is corrected"]
        }
        return [
            "  corrected difference  \(Figures.signed(corrected["difference"]?.double))  95 % interval "
                + "\(Figures.interval(Figures.interval(corrected["interval"])))  (\(corrected["labels"]?.int ?? 0) labelled cases; "
                + "the judges say \(Figures.signed(holdout["difference"]?.double)))"
        ]
            + ((corrected["clusters"]?.int ?? 0) < SmallSample.labelsForRareLosses
                ? ["  \(SmallSample.missesRareLosses)"] : [])
    }

    private static func words(_ judge: JSONValue) -> String {
        let parts: [String?] = [
            judge["alpha"]?.double.map { "α \(Figures.short($0))" } ?? "α unknown",
            judge["correlation"]?.double.map { "correlation \(Figures.short($0))" },
            judge["offset"]?.double.map { "\(Figures.signed($0)) against people on average" },
            "\(judge["outputs"]?.int ?? 0) outputs",
            judge["weight_by_people"]?.double.map { "weight by people \(Figures.short($0))" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
