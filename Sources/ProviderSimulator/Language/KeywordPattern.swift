/// Recognises a meaning in a sentence by sets of keywords.
///
/// Written as `apolog|sorry & customer ; regret`: alternatives are parted by `;`, the groups that must all occur in
/// the same sentence by `&`, the synonyms of a group by `|`. A keyword matches every word that it begins; a keyword of
/// several words matches them in a row. A keyword that is negated ("never apologise") does not count, unless the
/// alternative itself asks for the negation.
struct KeywordPattern: Sendable {
    private struct Alternative: Sendable {
        let groups: [[[String]]]
        let asksForNegation: Bool
    }

    private let alternatives: [Alternative]

    private static let negations: Set<String> = [
        "not", "never", "don't", "dont", "avoid", "without", "no", "skip", "omit", "cannot", "stop",
    ]
    /// Words that turn a negation round again: "do not forget to".
    private static let restorers: Set<String> = ["forget", "fail", "hesitate", "skip", "omit"]

    init(_ text: String) {
        alternatives = text.split(separator: ";").map { alternative in
            let groups = alternative.split(separator: "&").map { group in
                group.split(separator: "|").map { Words.split($0) }.filter { !$0.isEmpty }
            }
            let asks = groups.joined().contains { $0.count == 1 && Self.negations.contains($0[0]) }
            return Alternative(groups: groups, asksForNegation: asks)
        }
    }

    func matches(_ sentence: [String]) -> Bool {
        alternatives.contains { alternative in
            alternative.groups.allSatisfy { group in
                group.contains { occurs($0, in: sentence, asksForNegation: alternative.asksForNegation) }
            }
        }
    }

    func matches(anyOf sentences: [[String]]) -> Bool { sentences.contains(where: matches) }

    private func occurs(_ keyword: [String], in sentence: [String], asksForNegation: Bool) -> Bool {
        guard sentence.count >= keyword.count else { return false }
        for start in 0...(sentence.count - keyword.count) {
            let fits = keyword.indices.allSatisfy { sentence[start + $0].hasPrefix(keyword[$0]) }
            guard fits else { continue }
            if asksForNegation { return true }
            let before = sentence[max(0, start - 3)..<start]
            let isNegated = before.contains(where: Self.negations.contains)
            let isRestored = isNegated && before.dropFirst().contains(where: Self.restorers.contains)
            if !isNegated || isRestored { return true }
        }
        return false
    }
}
