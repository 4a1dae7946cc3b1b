import EdisonCore

/// A kind of failure in the provider's words, and how often it happened.
struct ReportFailure: Sendable {
    let words: String
    let place: String
    let times: String

    static func all(_ source: ReportSource) -> [ReportFailure] {
        let calls = source.outputs.compactMap { output in
            output["error"]?.string.map { ($0, "Answers, \(output["model"]?.string ?? "model unknown")") }
        }
        let judgments = source.judgments.filter { $0["valid"]?.bool == false }.map { judgment in
            (
                judgment["invalid_reason"]?.string ?? "no reason given",
                "Judgments, \(judgment["judge"]?.string ?? "judge unknown")"
            )
        }
        let scans = (source.outputs + source.cases).compactMap { row in
            row["safety"]?["invalid_reason"]?.string.map { ($0, "Safety scans") }
        }
        return counted(calls) + counted(judgments) + counted(scans)
    }

    /// The most frequent first.
    private static func counted(_ failures: [(words: String, place: String)]) -> [ReportFailure] {
        Dictionary(grouping: failures) { "\($0.place)\n\($0.words)" }.sorted { left, right in
            left.value.count != right.value.count
                ? left.value.count > right.value.count : bytewise(left.key, right.key)
        }.map { _, same in
            ReportFailure(words: same[0].words, place: same[0].place, times: ReportFigures.count(same.count))
        }
    }
}
