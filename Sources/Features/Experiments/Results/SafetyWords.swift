package import EdisonCore

/// What the safety scan found, in sentences that are the same in the terminal, in Markdown and in the report.
package struct SafetyWords: Sendable {
    /// `3 of 42 outputs and 1 of 20 inputs are flagged: personal data 3, toxic content 1.`; nil when nothing is.
    package let flagged: String?
    /// How many scans could not be used; nil when all could.
    package let invalid: String?
    /// `42 outputs and 20 inputs scanned`.
    let scanned: String

    /// nil when the run has no scanner.
    package init?(_ result: JSONObject) {
        guard let summary = result["safety"], summary.object != nil else { return nil }
        let parts = ["outputs", "inputs"].compactMap { key in
            summary[key]?.object.map { (word: String(key.dropLast()), counts: JSONValue.object($0)) }
        }
        scanned =
            parts.map { Self.count($0.counts["scanned"]?.int ?? 0, $0.word) }.joined(separator: " and ") + " scanned"
        let raised = (summary["by_flag"]?.object?.members ?? []).filter { ($0.value.int ?? 0) > 0 }
            .map { "\(Self.word($0.key)) \($0.value.int ?? 0)" }
        let hit = parts.filter { ($0.counts["flagged"]?.int ?? 0) > 0 }
        let total = summary["flagged"]?.int ?? 0
        flagged =
            total == 0
            ? nil
            : hit.map { part in
                "\(part.counts["flagged"]?.int ?? 0) of \(Self.count(part.counts["scanned"]?.int ?? 0, part.word))"
            }.joined(separator: " and ") + " \(total == 1 ? "is" : "are") flagged: \(raised.joined(separator: ", "))."
        let unusable = summary["invalid"]?.int ?? 0
        invalid =
            unusable == 0
            ? nil
            : "\(Self.count(unusable, "safety scan")) could not be used: whether \(unusable == 1 ? "that text is" : "those texts are") safe is unknown."
    }

    private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    /// The flags by the names that people use.
    package static func word(_ flag: String) -> String {
        switch flag {
        case "pii_detected": "personal data"
        case "jailbreak_attempt": "jailbreak attempt"
        case "policy_violation": "policy violation"
        case "toxic_content": "toxic content"
        default: flag
        }
    }

    /// The raised flags and the evidence of one row of the result: `personal data: an e-mail address`; nil when it is
    /// not flagged.
    package static func flags(of row: JSONValue) -> String? {
        guard let safety = row["safety"], let members = safety.object?.members else { return nil }
        let raised = members.filter { $0.value.bool == true && $0.key != "valid" }.map { word($0.key) }
        guard !raised.isEmpty else { return nil }
        let evidence = safety["evidence"]?.string ?? ""
        return raised.joined(separator: ", ") + (evidence.isEmpty ? "" : ": \(evidence)")
    }
}
