package import EdisonDatasets

/// The groups that a case belongs to, by which figures are broken down: tags, difficulty, language, length of the input.
package enum CaseFacets {
    package static func names(of testCase: TestCase) -> [String] {
        var facets = testCase.tags.map { "tag:\($0)" }
        facets.append("difficulty:\(testCase.difficulty)")
        if let language = testCase.language { facets.append("language:\(language)") }
        facets.append("length:\(lengthBin(testCase.inputText.count))")
        return facets
    }

    private static func lengthBin(_ length: Int) -> String {
        switch length {
        case ..<100: "short"
        case ..<500: "medium"
        default: "long"
        }
    }
}
