import EdisonCore
import EdisonEvaluation

/// A finished run as labelling sees it: which outputs people can compare, in which clusters, and what judges said.
///
/// Read from the result alone, which holds enough to recompute every figure. What is labelled is the first version
/// against the best on the held-out cases; without such a comparison it is the version that was measured last, and
/// labels then tell how judges agree with people, and correct nothing.
struct LabelledRun: Sendable {
    /// The outputs that stand side by side: one of each version, by the same model and replicate.
    struct Row: Sendable, Hashable {
        /// In the order of the versions.
        let outputs: [String]
    }

    /// A case with one row at least. Its key is made of content: ids differ from database to database.
    struct Case: Sendable {
        let id: String
        let key: String
        let rows: [Row]
    }

    /// What is picked as a whole, since its cases are not independent.
    struct Cluster: Sendable {
        let key: String
        let cases: [Case]
    }

    let rubric: Rubric
    let seed: UInt64
    let judges: [String]
    let isComparison: Bool
    let clusters: [Cluster]
    let outputs: [String: JSONValue]
    let cases: [String: JSONValue]
    let scoring: Scoring
    private let scores: [String: JSONValue]
    private let judgments: [String: [Judgment]]

    init(_ result: RunResult) {
        let json = JSONValue.object(result.json)
        func table(_ key: String, by id: String) -> [String: JSONValue] {
            Dictionary(
                (json[key]?.array ?? []).compactMap { row in row[id]?.string.map { ($0, row) } },
                uniquingKeysWith: { first, _ in first })
        }
        rubric = Rubric((json["experiment"]?["rubric"]?.array ?? []).compactMap(Criterion.init(json:)))
        seed = UInt64(bitPattern: Int64(json["seed"]?.int ?? 1))
        judges = (json["experiment"]?["judges"]?.array ?? []).filter { $0["mode"]?.string != "pairwise" }
            .compactMap { $0["name"]?.string }
        outputs = table("outputs", by: "id")
        cases = table("cases", by: "id")
        scores = table("scores", by: "output_id")
        func numbers(_ key: String) -> [String: Double] {
            Dictionary(
                (json[key]?.object?.members ?? []).compactMap { row in row.value.double.map { (row.key, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
        scoring = Scoring(
            rubric: rubric, ensemble: Ensemble(weights: numbers("judge_weights"), offsets: numbers("judge_offsets")))
        let valid = (json["judgments"]?.array ?? []).compactMap(Judgment.init(result:))
        judgments = Dictionary(grouping: valid, by: \.outputID.text)
        let compared = ["baseline_version_id", "version_id"].compactMap { json["holdout"]?[$0]?.string }
        isComparison = compared.count == 2
        let measured = json["iterations"]?.array?.last { $0["metrics"]?["composite"]?.object != nil }
        let versions = isComparison ? compared : [measured?["version_id"]?.string].compactMap(\.self)
        clusters = Self.clusters(versions, outputs, cases, holdout: isComparison) { [scores] in
            scores[$0]?["score"]?.double != nil
        }
    }

    private static func clusters(
        _ versions: [String], _ outputs: [String: JSONValue], _ cases: [String: JSONValue], holdout: Bool,
        hasScore: (String) -> Bool
    ) -> [Cluster] {
        var found: [String: [String: [String: String]]] = [:]
        for (id, output) in outputs where hasScore(id) && (!holdout || output["split"] == "holdout") {
            guard let version = output["version_id"]?.string, versions.contains(version),
                let testCase = output["case_id"]?.string, let model = output["model"]?.string
            else { continue }
            let place = "\(output["replicate"]?.int ?? 0) \(model)"
            found[testCase, default: [:]][place, default: [:]][version] = id
        }
        var grouped: [String: [Case]] = [:]
        for (id, places) in found {
            let rows = places.sorted { bytewise($0.key, $1.key) }.map(\.value)
                .filter { $0.count == versions.count }
                .map { row in Row(outputs: versions.compactMap { row[$0] }) }
            guard !rows.isEmpty else { continue }
            let key = contentKey(cases[id])
            let cluster = cases[id]?["cluster"]?.string
            let own = cluster == nil || cluster == cases[id]?["id"]?.string
            grouped[own ? key : "named:\(cluster ?? "")", default: []].append(Case(id: id, key: key, rows: rows))
        }
        return grouped.sorted { bytewise($0.key, $1.key) }.map { key, members in
            Cluster(key: key, cases: members.sorted { $0.key != $1.key ? bytewise($0.key, $1.key) : $0.id < $1.id })
        }
    }

    private static func contentKey(_ testCase: JSONValue?) -> String {
        "own:\(ContentHash(of: .array([testCase?["input"] ?? .null, testCase?["expected"] ?? .null])).text)"
    }

    // MARK: what was said of an output

    func judgments(of output: String) -> [Judgment] { judgments[output] ?? [] }

    /// The ensemble's score, as it entered every mean.
    func score(of output: String) -> Double? { scores[output]?["score"]?.double }

    /// What the score of an output would be if the judges had said this: normalised, weighted, and joined with the
    /// output's checks as every score is.
    func score(of output: String, by judgment: Judgment) -> Double? {
        if scores[output]?["own_checks"] == false { return 0 }
        let checks = (scores[output]?["checks"]?.object?.members ?? []).compactMap { row in
            row.value.bool.map { (row.key, $0) }
        }
        return Scoring(rubric: rubric, ensemble: .equal([judgment.judge])).score(
            [judgment], checks: Dictionary(checks, uniquingKeysWith: { first, _ in first }))
    }

    func composite(of label: Label) -> Double? { score(of: label.output.text, by: Judgment(label: label)) }

    /// Best minus first; the score itself where only one version is labelled.
    func contrast(_ row: Row, _ score: (String) -> Double?) -> Double? {
        let values = row.outputs.map(score)
        guard let last = values.last ?? nil else { return nil }
        if values.count == 1 { return last }
        return values[0].map { last - $0 }
    }
}

extension Judgment {
    /// nil for a judgment that is invalid or compares two outputs.
    fileprivate init?(result row: JSONValue) {
        guard row["valid"]?.bool == true, row["mode"]?.string == "pointwise", let id = row["id"]?.string,
            let output = row["output_id"]?.string, let judge = row["judge"]?.string
        else { return nil }
        let scores = (row["scores"]?.object?.members ?? []).compactMap { score in
            score.value.double.map { (score.key, $0) }
        }
        self.init(
            id: ID(id), outputID: Output.ID(output), judge: judge, mode: .pointwise,
            scores: Dictionary(scores, uniquingKeysWith: { first, _ in first }), valid: true, cost: nil)
    }

    /// What a person said, in the form of a judgment, so that both are scored by the same rule.
    init(label: Label) {
        self.init(
            id: ID(label.output.text), outputID: label.output, judge: "people", mode: .pointwise,
            scores: label.scores, valid: true, cost: nil)
    }
}
