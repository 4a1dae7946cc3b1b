/// Finds passages that were copied from a test case into a prompt: a prompt that quotes its test is no better prompt.
package enum OverlapGuard {
    /// The first passage of the additions that stands in `source`: five words in a row, or an identifier (a word with
    /// a digit, an e-mail address, a mixed code). What stands already in `known` may be repeated.
    package static func copiedPassage(
        in additions: [String], from source: String, excluding known: [String], words count: Int = 5
    ) -> String? {
        let sourceWords = words(source)
        let runs = Set(windows(sourceWords, count))
        let knownWords = known.map(words)
        let knownRuns = Set(knownWords.flatMap { windows($0, count) })
        let identifiers = Set(sourceWords.filter(isIdentifier))
        let knownIdentifiers = Set(knownWords.joined().filter(isIdentifier))
        for addition in additions {
            let added = words(addition)
            if let run = windows(added, count).first(where: { runs.contains($0) && !knownRuns.contains($0) }) {
                return run.joined(separator: " ")
            }
            if let word = added.first(where: { identifiers.contains($0) && !knownIdentifiers.contains($0) }) {
                return word
            }
        }
        return nil
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "@" || $0 == "_" || $0 == "-" || $0 == ".") }
            .map { $0.trimming { $0 == "." || $0 == "-" } }.filter { !$0.isEmpty }
    }

    private static func windows(_ words: [String], _ count: Int) -> [[String]] {
        guard words.count >= count else { return [] }
        return (0...(words.count - count)).map { Array(words[$0..<($0 + count)]) }
    }

    /// Codes, numbers of four and more digits, addresses. Small numbers are ordinary words.
    private static func isIdentifier(_ word: String) -> Bool {
        let digits = word.count { $0.isNumber }
        let letters = word.count { $0.isLetter }
        return word.contains("@") && word.contains(".") || digits >= 4 || digits >= 1 && letters >= 1 && word.count >= 4
    }
}

extension Substring {
    fileprivate func trimming(_ test: (Character) -> Bool) -> String {
        var part = self
        while let first = part.first, test(first) { part.removeFirst() }
        while let last = part.last, test(last) { part.removeLast() }
        return String(part)
    }
}
