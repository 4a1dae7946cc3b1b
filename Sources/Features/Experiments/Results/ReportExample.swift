import EdisonCore

/// A case with what was answered: under the first and under the best version, or under the only one.
struct ReportExample: Sendable {
    struct Answer: Sendable {
        let version: String
        let score: String
        let text: String?
        let failure: String?
    }

    let label: String
    let about: String?
    let input: String
    let expected: String?
    let answers: [Answer]

    /// What is picked, and why, so that nobody takes the examples for a sample.
    struct Choice: Sendable {
        let title: String
        let note: String
        let examples: [ReportExample]
    }

    static func choice(_ source: ReportSource) -> Choice? {
        let cases = ReportCases(source)
        if let holdout = source.holdout, let version = holdout["version_id"]?.string,
            let first = holdout["baseline_version_id"]?.string ?? source.first?["id"]?.string, version != first
        {
            return pairs(cases, source, from: first, to: version)
        }
        guard source.variants.isEmpty, source.raced.isEmpty, let id = source.best?["id"]?.string else { return nil }
        return singles(cases, source, version: id)
    }

    private static func pairs(
        _ cases: ReportCases, _ source: ReportSource, from first: String, to best: String
    ) -> Choice? {
        let rows = source.cases.enumerated().compactMap { place, testCase -> (place: Int, gain: Double, JSONValue)? in
            guard testCase["split"]?.string == "holdout", let id = testCase["id"]?.string,
                let before = cases.score(of: first, on: id), let after = cases.score(of: best, on: id)
            else { return nil }
            return (place, after - before, testCase)
        }.sorted { $0.gain != $1.gain ? $0.gain > $1.gain : $0.place < $1.place }
        guard !rows.isEmpty else { return nil }
        let last = rows.count - 1
        var picks: [(Int, String)] = [(0, "Largest gain"), (last / 2, "In the middle"), (last, "Smallest gain")]
        if rows[last].gain < 0 { picks[2].1 = "Largest loss" }
        var seen: Set<Int> = []
        let examples = picks.filter { seen.insert($0.0).inserted }.map { index, label in
            let id = rows[index].2["id"]?.string ?? ""
            return ReportExample(
                label: "\(label), \(ReportFigures.signed(rows[index].gain))", rows[index].2,
                answers: [first, best].compactMap { answer(of: $0, on: id, cases, source) })
        }
        return Choice(
            title: "Held-out cases, before and after",
            note: "The largest gain, the middle and the smallest of \(ReportFigures.count(rows.count, "case")).",
            examples: examples)
    }

    private static func singles(_ cases: ReportCases, _ source: ReportSource, version: String) -> Choice? {
        let rows = source.cases.enumerated().compactMap { place, testCase -> (place: Int, score: Double, JSONValue)? in
            guard let id = testCase["id"]?.string, let score = cases.score(of: version, on: id) else { return nil }
            return (place, score, testCase)
        }.sorted { $0.score != $1.score ? $0.score < $1.score : $0.place < $1.place }
        guard !rows.isEmpty else { return nil }
        return Choice(
            title: "The lowest scores", note: "Of \(ReportFigures.count(rows.count, "scored case")).",
            examples: rows.prefix(3).map { row in
                let id = row.2["id"]?.string ?? ""
                return ReportExample(
                    label: "Score \(ReportFigures.score(row.score))", row.2,
                    answers: [answer(of: version, on: id, cases, source)].compactMap(\.self))
            })
    }

    /// The score of the case, a mean over models and replicates; of several answers the first is shown.
    private static func answer(
        of version: String, on testCase: String, _ cases: ReportCases, _ source: ReportSource
    ) -> Answer? {
        let outputs = cases.outputs(of: version, on: testCase)
        guard let output = outputs.first else { return nil }
        let models = Set(outputs.compactMap { $0["model"]?.string })
        let model =
            models.count > 1
            ? output["model"]?.string.map { ", mean of \(models.count) models; answer of \($0)" } ?? "" : ""
        return Answer(
            version: "Version \(source.number(.string(version)) ?? 0)\(model)",
            score: ReportFigures.score(cases.score(of: version, on: testCase)),
            text: output["text"]?.string.map(clipped),
            failure: output["text"]?.string == nil ? output["error"]?.string ?? "no answer" : nil)
    }

    private init(label: String, _ testCase: JSONValue, answers: [Answer]) {
        self.label = label
        self.answers = answers
        let tags = (testCase["tags"]?.array ?? []).compactMap(\.string)
        let parts = [testCase["difficulty"]?.int.map { "difficulty \($0) of 5" }].compactMap(\.self) + tags
        about = parts.isEmpty ? nil : parts.joined(separator: ", ")
        let members = testCase["input"]?.object?.members ?? []
        func text(_ value: JSONValue) -> String { value.string ?? value.text(.pretty) }
        input = Self.clipped(
            members.count == 1
                ? text(members[0].value) : members.map { "\($0.key): \(text($0.value))" }.joined(separator: "\n"))
        expected = testCase["expected"].flatMap { $0.isNull ? nil : Self.clipped(text($0)) }
    }

    /// A case may be a megabyte; the file has all of it.
    private static func clipped(_ text: String) -> String {
        text.count > 8_000 ? "\(text.prefix(8_000))… (\(ReportFigures.count(text.count, "character")) in all)" : text
    }
}
