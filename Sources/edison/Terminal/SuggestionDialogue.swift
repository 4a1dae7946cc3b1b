import EdisonCore
import EdisonExperiments
import EdisonPrompts
import EdisonText
import Foundation

/// Asks the person at the terminal about one suggestion: the change as a coloured word diff, its evidence, and what to
/// do.
struct SuggestionDialogue {
    private let suggestion: Suggestion
    private let style = Style.progress

    enum Answer {
        case decision(ReviewDecision)
        case later, quit
    }

    init(_ suggestion: Suggestion) { self.suggestion = suggestion }

    func answer() throws -> Answer {
        show()
        while true {
            StandardError.write("\n[a]pprove  [e]dit  [r]eject  [c]hanges please  [l]ater  > ")
            guard let line = try TerminalInput.line() else { return .quit }
            switch line.trimmingCharacters(in: .whitespaces).lowercased().first {
            case "a": return .decision(.approve(note: ""))
            case "r": return .decision(.reject(note: try ask("Why? (goes to the refiner; may be empty) ")))
            case "c": return .decision(.requestChanges(note: try ask("What should be different? ")))
            case "l": return .later
            case "q": return .quit
            case "e":
                do {
                    if let content = try PromptEditing(suggestion.after).edited() {
                        return .decision(.edit(content, note: "edited by hand"))
                    }
                    StandardError.line("Nothing was changed.")
                } catch let error as EdisonError { StandardError.line("\(error)") }
            default: StandardError.line("Type one of the letters.")
            }
        }
    }

    private func ask(_ question: String) throws -> String {
        StandardError.write(question)
        return try TerminalInput.line() ?? ""
    }

    private func show() {
        StandardError.line(
            "\n\(style.bold("Version \(suggestion.number)")), a change of version \(suggestion.parentNumber)")
        let (old, new) = (suggestion.before, suggestion.after)
        for (before, after) in [(old.systemText ?? "", new.systemText ?? ""), (old.shownText, new.shownText)]
        where before != after {
            StandardError.line(words(from: before, to: after))
        }
        if !suggestion.note.isEmpty { StandardError.line("\nWhy: \(suggestion.note)") }
        for claim in suggestion.claims { StandardError.line("  claims: \(claim)") }
        let gate = suggestion.recommendation
        let word = suggestion.isRecommended ? style.green("would accept") : style.red("would reject")
        StandardError.line(
            "\nEvidence: \(Figures.signed(gate.delta)) \(Figures.interval(gate.interval)) on \(gate.cases) cases; "
                + "the gate \(word) (\(gate.reason))")
        for example in suggestion.examples {
            StandardError.line(
                "\n  \(Figures.signed(example.delta))  \(style.dim(Figures.clipped(example.input, 100)))")
            StandardError.line("    before: \(Figures.clipped(example.before, 200))")
            StandardError.line("    after:  \(Figures.clipped(example.after, 200))")
        }
    }

    private func words(from old: String, to new: String) -> String {
        WordDiff(from: old, to: new, mode: .words).parts.map { part in
            switch part.kind {
            case .equal: part.text
            case .delete: style.red(style.isOn ? part.text : "[-\(part.text)-]")
            case .insert: style.green(style.isOn ? part.text : "{+\(part.text)+}")
            }
        }.joined()
    }
}
