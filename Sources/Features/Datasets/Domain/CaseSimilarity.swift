/// Whether two inputs say nearly the same: the share of five-character runs that they have in common.
package enum CaseSimilarity {
    /// From here on two inputs are near duplicates.
    package static let limit = 0.5

    package static func grams(_ text: String) -> Set<String> {
        let letters = Array(words(text))
        guard letters.count > 5 else { return [String(letters)] }
        return Set((0...(letters.count - 5)).map { String(letters[$0..<($0 + 5)]) })
    }

    package static func jaccard(_ left: Set<String>, _ right: Set<String>) -> Double {
        let union = left.union(right).count
        return union == 0 ? 1 : Double(left.intersection(right).count) / Double(union)
    }

    /// The words alone, in lower case, with one space between them.
    static func words(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }
}

/// Inputs that a new one must differ from.
package struct KnownInputs: Sendable {
    private var grams: [Set<String>] = []
    /// Texts that no new input may hold as a whole, by their words.
    private var withheld: [String] = []

    /// - Parameter withheld: cases that nobody but the test at the end may see. An input that holds one of five words
    ///   or more counts as a copy too: it would carry the text to where it must not go.
    package init(_ cases: [TestCase] = [], withheld: [TestCase] = []) {
        for testCase in cases + withheld { add(testCase) }
        self.withheld = withheld.map { CaseSimilarity.words($0.inputText) }.filter { text in
            text.split(separator: " ").count >= 5
        }
    }

    package mutating func add(_ testCase: TestCase) { grams.append(CaseSimilarity.grams(testCase.inputText)) }

    package func hasNear(_ testCase: TestCase) -> Bool {
        let own = CaseSimilarity.grams(testCase.inputText)
        if grams.contains(where: { CaseSimilarity.jaccard(own, $0) >= CaseSimilarity.limit }) { return true }
        let words = " \(CaseSimilarity.words(testCase.inputText)) "
        return withheld.contains { words.contains(" \($0) ") }
    }
}
