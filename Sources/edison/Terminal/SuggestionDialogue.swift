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
            StandardError.write("\n[a]pprove  [e]dit  [r]eject  [c]hanges please  [l]ater  [q]uit  > ")
            guard let line = try TerminalInput.line() else { return .quit }
            switch line.trimmingCharacters(in: .whitespaces).lowercased() {
            case "a", "approve": return .decision(.approve(note: ""))
            case "r", "reject":
                guard let note = try ask("Why? (goes to the refiner; may be empty) ") else { return .quit }
                return .decision(.reject(note: note))
            case "c", "changes":
                guard let note = try ask("What should be different? ") else { return .quit }
                return .decision(.requestChanges(note: note))
            case "l", "later": return .later
            case "q", "quit": return .quit
            case "e", "edit":
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

    /// nil at the end of the input: nothing was decided.
    private func ask(_ question: String) throws -> String? {
        StandardError.write(question)
        return try TerminalInput.line()
    }

    private func show() {
        StandardError.line(
            "\n\(style.bold("Version \(suggestion.number)")), a change of version \(suggestion.parentNumber)")
        let (old, new) = (suggestion.before, suggestion.after)
        for (before, after) in [(old.systemText ?? "", new.systemText ?? ""), (old.shownText, new.shownText)].map({
            (TerminalText.plain($0), TerminalText.plain($1))
        })
        where before != after {
            StandardError.line(words(from: before, to: after))
        }
        if !suggestion.note.isEmpty { StandardError.line("\nWhy: \(TerminalText.plain(suggestion.note))") }
        for claim in suggestion.claims { StandardError.line("  claims: \(TerminalText.plain(claim))") }
        let gate = suggestion.recommendation
        let word = suggestion.isRecommended ? style.green("would accept") : style.red("would reject")
        StandardError.line(
            "\nEvidence: \(Figures.signed(gate.delta)) \(Figures.interval(gate.interval)) on \(gate.cases) cases; "
                + "the gate \(word) (\(gate.reason))")
        for example in suggestion.examples {
            StandardError.line(
                "\n  \(Figures.signed(example.delta))  \(style.dim(Figures.clipped(TerminalText.plain(example.input), 100)))"
            )
            StandardError.line("    before: \(Figures.clipped(TerminalText.plain(example.before), 200))")
            StandardError.line("    after:  \(Figures.clipped(TerminalText.plain(example.after), 200))")
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
