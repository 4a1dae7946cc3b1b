import EdisonExperiments
import Foundation

/// The person at the terminal of a run, asked while it goes on.
struct TerminalReviewer: Reviewer {
    let view: RunView

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

    func review(_ suggestion: Suggestion) async throws -> ReviewDecision {
        view.end()
        return switch try SuggestionDialogue(suggestion).answer() {
        case .decision(let decision): decision
        case .later, .quit: .later
        }
    }
}
