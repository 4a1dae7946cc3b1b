import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import Foundation

/// Asks the person at the terminal about one flagged output: who saw what in it, and whether that is so.
struct FlagDialogue {
    private let output: FlaggedOutput
    private let style = Style.progress

    enum Answer {
        case decision(FlagReview)
        case skip, back, quit
    }

    init(_ output: FlaggedOutput) { self.output = output }

    func answer() throws -> Answer {
        show()
        while true {
            StandardError.write("\n[c]onfirm  [d]ismiss  [n]ote and confirm  [s]kip  [b]ack  [q]uit  > ")
            guard let line = try TerminalInput.line() else { return .quit }
            switch line.trimmingCharacters(in: .whitespaces).lowercased() {
            case "c", "confirm": return .decision(FlagReview(.confirmed))
            case "d", "dismiss": return .decision(FlagReview(.dismissed))
            case "n", "note":
                StandardError.write("Note: ")
                let note = try TerminalInput.line() ?? ""
                return .decision(FlagReview(.confirmed, note: note.trimmingCharacters(in: .whitespaces)))
            case "s", "skip": return .skip
            case "b", "back": return .back
            case "q", "quit": return .quit
            default: StandardError.line("Type one of the letters.")
            }
        }
    }

    private func show() {
        for raised in output.flags {
            let names = raised.flags.raised.map(SafetyWords.word).joined(separator: ", ")
            let color = raised.flags.critical.isEmpty ? style.yellow : style.red
            StandardError.line("\n\(color(names)), says \(raised.raiser)")
            if !raised.evidence.isEmpty {
                StandardError.line("  \(Figures.clipped(TerminalText.plain(raised.evidence), 400))")
            }
        }
        TextSection.show("Input", output.input.shownText)
        if let expected = output.expected { TextSection.show("Expected", expected.shownText) }
        TextSection.show("Answer of version \(output.versionNumber), \(output.model)", output.text)
        if let review = output.review {
            let note = review.note.isEmpty ? "" : ": \(review.note)"
            StandardError.line(style.dim("\nso far: \(review.decision.rawValue)\(note)"))
        }
    }
}
