import EdisonCore
import EdisonDatasets
import EdisonExperiments
import EdisonPrompts

/// Lets the person at the terminal read each generated case, with what the prompt made of it. Only what a person has
/// confirmed may be held out.
struct TerminalConfirmer {
    let prompt: PromptContent
    private let style = Style.progress

    /// The cases with the person's decisions. Whoever stops reading leaves the rest unconfirmed.
    func confirmed(_ generation: Generation) -> [GeneratedCase] {
        var cases = generation.kept
        for index in cases.indices {
            show(cases[index], number: index + 1, generation)
            do { if try !decide(&cases[index]) { break } } catch { break }
        }
        return cases
    }

    /// False when the person has had enough.
    private func decide(_ kept: inout GeneratedCase) throws -> Bool {
        while true {
            StandardError.write("\n[k]eep  [e]dit  [d]rop  [q]uit (the rest stays unconfirmed)  > ")
            guard let line = try TerminalInput.line() else { return false }
            switch line.drop(while: \.isWhitespace).lowercased().first {
            case "k":
                kept.decision = .kept
                kept.testCase.isConfirmed = true
                return true
            case "d":
                kept.decision = .dropped
                return true
            case "q": return false
            case "e":
                do {
                    if let edited = try CaseEditing(kept.testCase, prompt: prompt).edited() {
                        kept.testCase = edited
                        kept.testCase.isConfirmed = true
                        kept.decision = .edited
                        StandardError.line("Kept as you wrote it.")
                        return true
                    }
                    StandardError.line("Nothing was changed.")
                } catch let error as EdisonError { StandardError.line("\(error)") }
            default: StandardError.line("Type one of the letters.")
            }
        }
    }

    private func show(_ kept: GeneratedCase, number: Int, _ generation: Generation) {
        let testCase = kept.testCase
        let tags = testCase.tags.isEmpty ? "no tags" : testCase.tags.joined(separator: ", ")
        StandardError.line(
            "\n\(style.bold("Case \(number) of \(generation.kept.count)"))  \(tags) · difficulty \(testCase.difficulty) · \(testCase.length.rawValue)"
        )
        StandardError.line(testCase.inputText)
        if let expected = testCase.expected {
            StandardError.line("\n\(style.bold("Expected"))  \(expected.string ?? expected.text())")
        }
        StandardError.line(
            "\n\(style.bold("The answer"))\n\(kept.output.count > 2_000 ? "\(kept.output.prefix(2_000))…" : kept.output)"
        )
        let usual = generation.known.map { " (on known cases \(Figures.score($0.mean)))" } ?? ""
        let verdict = kept.reason == .fails ? style.red("fails") : style.yellow("fills a gap")
        StandardError.line("\nScore \(Figures.score(kept.score))\(usual): \(verdict)")
        if let failure = kept.failure {
            let why = kept.rationale.isEmpty ? "" : ": \(Figures.clipped(kept.rationale, 300))"
            StandardError.line("  \(failure)\(why)")
        }
    }
}
