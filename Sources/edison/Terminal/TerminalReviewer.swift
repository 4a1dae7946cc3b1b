import EdisonCore
import EdisonExperiments
import EdisonPrompts
import EdisonText
import Foundation

/// Asks the person at the terminal: the change as a coloured word diff, its evidence, and what to do.
struct TerminalReviewer: Reviewer {
    let view: RunView
    private let style = Style.progress

    /// Nobody can be asked without a terminal: then the run waits.
    static func ifPossible(view: RunView) -> any Reviewer {
        isatty(0) == 1 && StandardError.isTerminal ? TerminalReviewer(view: view) : NoReviewer()
    }

    func mayGoOn(with step: String) async throws -> Bool {
        view.end()
        StandardError.write("\nGo on with \(step)? [Y/n] ")
        while let line = try TerminalInput.line() {
            switch line.trimmingCharacters(in: .whitespaces).lowercased() {
            case "", "y", "yes": return true
            case "n", "no", "q", "quit", "l", "later": return false
            default: StandardError.write("Type y to go on, or n to stop here for now: ")
            }
        }
        return false
    }

    func review(_ candidate: ReviewedCandidate) async throws -> ReviewDecision {
        view.end()
        show(candidate)
        while true {
            StandardError.write("\n[a]pprove  [e]dit  [r]eject  [c]hanges please  [l]ater  > ")
            guard let line = try TerminalInput.line() else { return .later }
            let answer = line.trimmingCharacters(in: .whitespaces).lowercased()
            switch answer.first {
            case "a": return .approve(note: "")
            case "r": return .reject(note: try ask("Why? (goes to the refiner; may be empty) "))
            case "c": return .requestChanges(note: try ask("What should be different? "))
            case "l", "q": return .later
            case "e":
                do {
                    if let content = try PromptEditing(candidate.version.version.content).edited() {
                        return .edit(content, note: "edited by hand")
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

    private func show(_ candidate: ReviewedCandidate) {
        let version = candidate.version
        StandardError.line(
            "\n\(style.bold("Version \(version.number)")), a change of version \(candidate.parent.number)")
        let old = candidate.parent.version.content
        let new = version.version.content
        for (before, after) in [(old.systemText ?? "", new.systemText ?? ""), (old.shownText, new.shownText)]
        where before != after {
            StandardError.line(words(from: before, to: after))
        }
        if !version.note.isEmpty { StandardError.line("\nWhy: \(version.note)") }
        for edit in version.edits where !edit.claim.isEmpty { StandardError.line("  claims: \(edit.claim)") }
        let decision = candidate.recommendation
        let word = candidate.isRecommended ? style.green("would accept") : style.red("would reject")
        StandardError.line(
            "\nEvidence: \(Figures.signed(decision.delta)) \(Figures.interval(decision.interval)) on \(decision.cases) cases; "
                + "the gate \(word) (\(decision.reason))")
        for example in candidate.examples {
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
