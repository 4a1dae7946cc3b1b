import EdisonCore
import EdisonEvaluation

/// Labels read from lines of JSON: all of them, or every fault with its line.
struct LabelLines: Sendable {
    private(set) var labels: [Label] = []
    /// Lines whose scores are all null: exported, and not filled in.
    private(set) var empty = 0
    private(set) var issues: [FieldIssue] = []

    /// - Parameter outputs: the texts of the run's outputs; nil = it has none to be scored.
    init(_ text: String, criteria: [Criterion], outputs: [String: String?]) {
        var seen: [String: Int] = [:]
        for (index, bytes) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            let line = index + 1
            func fault(_ path: String, _ message: String) {
                issues.append(FieldIssue(path: path, message: message, line: line))
            }
            let row: JSONValue
            do { row = try JSONValue(parsing: Array(bytes)) } catch {
                fault("", "not JSON: \(error)")
                continue
            }
            guard row.object != nil else {
                fault("", "is \(row.kind), not an object with output_id and scores")
                continue
            }
            guard let id = row["output_id"]?.string else {
                fault("output_id", "is missing")
                continue
            }
            if let before = seen[id] { fault("output_id", "stands in line \(before) already") }
            seen[id] = seen[id] ?? line
            switch outputs[id] {
            case nil: fault("output_id", "\(id) is no output of this run")
            case .some(nil): fault("output_id", "\(id) failed and has no text")
            case .some(let text?):
                // As a spreadsheet leaves it that has sorted one column without the others.
                if let shown = row["output"]?.string, Self.plain(shown) != Self.plain(text) {
                    fault("output", "is not the text of \(id): scores and outputs no longer belong together")
                }
            }
            guard let given = row["scores"]?.object else {
                fault("scores", "is missing: an object with a number for each criterion")
                continue
            }
            if given.members.allSatisfy(\.value.isNull) {
                empty += 1
                continue
            }
            for name in given.keys where !criteria.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
                fault("scores.\(name)", "is no criterion that people score")
            }
            var scores: [String: Double] = [:]
            for criterion in criteria {
                let path = "scores.\(criterion.name)"
                switch given[criterion.name] {
                case nil, .null: fault(path, "is missing")
                case let value?:
                    if let score = value.double, criterion.scale.normalise(score) != nil {
                        scores[criterion.name] = score
                    } else {
                        fault(path, "\(value.text()) is no number from \(criterion.scale.words)")
                    }
                }
            }
            labels.append(Label(output: ID(id), scores: scores))
        }
    }
}

extension LabelLines {
    /// What editors and spreadsheets do to the ends of lines is no change of the text.
    fileprivate static func plain(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}

extension Scale {
    /// `0 to 5`.
    package var words: String { "\(Self.words(min)) to \(Self.words(max))" }

    private static func words(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}
