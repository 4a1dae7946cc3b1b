package import EdisonDatasets

/// The groups that a case belongs to, by which figures are broken down: tags, difficulty, language, length of the input.
package enum CaseFacets {
    package static func names(of testCase: TestCase) -> [String] {
        var facets = testCase.tags.map { "tag:\($0)" }
        facets.append("difficulty:\(testCase.difficulty)")
        if let language = testCase.language { facets.append("language:\(language)") }
        facets.append("length:\(testCase.length.rawValue)")
        return facets
    }
}
