import EdisonCore

/// An experiment as a list of the server shows it: without its definition and its result, which hold every output.
struct ListedExperiment: Sendable {
    let experiment: Experiment
    let project: ProjectID
    let goal: String
    let finishedAt: Timestamp?
    /// By what its maker finds it again.
    let reference: String?
    /// nil before the first end.
    let result: ListedResult?

    var id: Experiment.ID { experiment.id }
}

/// The few parts of a result that such a list shows; stored beside it, in one document with `RunSummary`.
struct ListedResult: Sendable {
    let verdict: Verdict?
    let bestVersion: String?
    let score: Double?
    let holdout: JSONValue
    let cost: JSONValue

    init(_ result: RunResult) {
        verdict = result.verdict
        bestVersion = result.json["best_version_id"]?.string
        score = RunSummary(result).score
        holdout = result.json["holdout"] ?? .null
        cost = result.json["cost_usd"] ?? .null
    }

    /// nil for what was stored before there were such lists.
    init?(stored json: JSONValue) {
        guard let holdout = json["holdout"] else { return nil }
        self.holdout = holdout
        verdict = json["verdict"]?.string.flatMap(Verdict.init(rawValue:))
        bestVersion = json["best_version_id"]?.string
        score = json["score"]?.double
        cost = json["cost_usd"] ?? .null
    }

    /// What is stored of a result for all lists.
    static func document(of result: RunResult) -> JSONValue {
        var document = RunSummary(result).json.object ?? [:]
        let listed = ListedResult(result)
        document["best_version_id"] = JSONValue(listed.bestVersion)
        document["holdout"] = listed.holdout
        return .object(document)
    }
}
