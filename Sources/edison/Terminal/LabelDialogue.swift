import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import Foundation

/// Asks the person at the terminal for the scores of outputs, one by one. Each label is handed over when it is complete.
struct LabelDialogue {
    let sheet: LabelSheet
    private let style = Style.progress

    private enum Answer {
        case scores([String: Double])
        case skip, back, quit
    }

    init(sheet: LabelSheet) { self.sheet = sheet }

    func ask(keep: (Label) async throws -> Void) async throws {
        let items = sheet.unlabelled
        guard !items.isEmpty else { return StandardError.line(nothingLeft) }
        StandardError.line(
            "\(style.bold(sheet.name)): \(Figures.count(items.count, "output")) to score\(already). A number and Enter for each criterion; "
                + "s skips an output, b goes back, q stops. An output whose criteria all have a score is kept at once.")
        var place = 0
        while place < items.count {
            show(items[place], place + 1, of: items.count)
            switch try scores() {
            case .scores(let scores):
                try await keep(Label(output: items[place].output, scores: scores))
                place += 1
            case .skip: place += 1
            case .back: place = max(0, place - 1)
            case .quit:
                return StandardError.line("Stopped. Go on with the same command\(Self.ofHalfScored).")
            }
        }
    }

    /// Scores that were typed for the output in view are gone: one without all of its scores says nothing.
    static let ofHalfScored = ", from the first output on whose criteria do not all have a score"

    private var already: String {
        let done = sheet.items.count - sheet.unlabelled.count
        return done > 0 ? " (\(done) are labelled)" : ""
    }

    private var nothingLeft: String {
        let more =
            sheet.picked < sheet.available
            ? " More: --count \(min(sheet.available, sheet.picked + 10)), of \(sheet.available) cases."
            : " They are all there are."
        return "All outputs of the \(sheet.picked) picked cases are labelled.\(more)"
    }

    private func show(_ item: LabelSheet.Item, _ number: Int, of count: Int) {
        StandardError.line("\n\(style.dim(String(repeating: "─", count: 20))) \(number) of \(count)")
        TextSection.show("Input", item.input.shownText)
        if let expected = item.expected { TextSection.show("Expected", expected.shownText) }
        TextSection.show("Output", item.text)
    }

    private func scores() throws -> Answer {
        var scores: [String: Double] = [:]
        var place = 0
        while place < sheet.criteria.count {
            let criterion = sheet.criteria[place]
            ask(criterion)
            guard let line = try TerminalInput.line() else { return .quit }
            let answer = line.trimmingCharacters(in: .whitespaces).lowercased()
            switch answer {
            case "s": return .skip
            case "q": return .quit
            case "b":
                if place == 0 { return .back }
                place -= 1
            default:
                guard let score = Double(answer.replacingOccurrences(of: ",", with: ".")),
                    criterion.scale.normalise(score) != nil
                else {
                    StandardError.line("Type a number from \(criterion.scale.words), s, b or q.")
                    continue
                }
                scores[criterion.name] = score
                place += 1
            }
        }
        return .scores(scores)
    }

    private func ask(_ criterion: Criterion) {
        let about = criterion.description.isEmpty ? "" : ": \(criterion.description)"
        StandardError.line("\n\(style.bold(criterion.name))\(about)")
        for anchor in criterion.scale.anchors { StandardError.line("  \(anchor)") }
        StandardError.write("\(criterion.scale.words) > ")
    }
}

extension Scale {
    /// The words of its points, each with its number where the words name every whole point.
    fileprivate var anchors: [String] {
        let named = Int(exactly: max - min).map { $0 + 1 } == labels.count
        return labels.enumerated().map { place, words in
            named ? "\(Figures.plain(min + Double(place))) \(words)" : "· \(words)"
        }
    }
}
