import EdisonCore

/// The score of a version on a case, by the rule of the result file: replicates averaged first, then models.
struct ReportCases: Sendable {
    private struct Key: Hashable {
        let version: String
        let testCase: String
    }

    private let source: ReportSource
    private let outputs: [Key: [JSONValue]]

    init(_ source: ReportSource) {
        self.source = source
        outputs = Dictionary(grouping: source.outputs) { output in
            Key(version: output["version_id"]?.string ?? "", testCase: output["case_id"]?.string ?? "")
        }
    }

    func outputs(of version: String, on testCase: String) -> [JSONValue] {
        (outputs[Key(version: version, testCase: testCase)] ?? []).sorted { left, right in
            let (one, other) = (left["model"]?.string ?? "", right["model"]?.string ?? "")
            return one != other
                ? bytewise(one, other) : (left["replicate"]?.int ?? 0) < (right["replicate"]?.int ?? 0)
        }
    }

    /// nil when a model has no score.
    func score(of version: String, on testCase: String) -> Double? {
        let models = Dictionary(grouping: outputs(of: version, on: testCase)) { $0["model"]?.string ?? "" }
        var means: [Double] = []
        for (_, outputs) in models.sorted(by: { bytewise($0.key, $1.key) }) {
            let scores = outputs.compactMap { source.score(of: $0) }
            guard !scores.isEmpty else { return nil }
            means.append(scores.reduce(0, +) / Double(scores.count))
        }
        return means.isEmpty ? nil : means.reduce(0, +) / Double(means.count)
    }

    /// Of every case that has a score under both, in the order of the file.
    func differences(of version: String, from other: String, split: String) -> [Double] {
        source.cases.filter { $0["split"]?.string == split }.compactMap { testCase in
            guard let id = testCase["id"]?.string, let after = score(of: version, on: id),
                let before = score(of: other, on: id)
            else { return nil }
            return after - before
        }
    }
}
