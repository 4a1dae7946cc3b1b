import EdisonCore
import EdisonExperiments

/// Leads a person through what waits, one by one. Each decision is handed over at once.
struct ReviewDialogue {
    let items: [ReviewItem]
    private let style = Style.progress

    init(_ items: [ReviewItem]) { self.items = items }

    enum Decision: Sendable {
        case suggestion(Suggestion, ReviewDecision)
        case flagged(FlaggedOutput, FlagReview)
    }

    /// - Returns: whether the person went through all of them.
    func ask(keep: (Decision, ReviewItem) async throws -> Void) async throws -> Bool {
        var items = items
        var place = 0
        while place < items.count {
            let item = items[place]
            StandardError.line(
                "\n\(style.dim(String(repeating: "─", count: 20))) \(place + 1) of \(items.count) · "
                    + style.bold(TerminalText.plain(item.runName)))
            switch item.subject {
            case .suggestion(let suggestion, let decision):
                if decision == nil {
                    switch try SuggestionDialogue(suggestion).answer() {
                    case .quit: return stopped()
                    case .later: break
                    case .decision(let decision):
                        if await isKept(.suggestion(suggestion, decision), item, keep) {
                            items[place] = item.with(.suggestion(suggestion, decision: decision))
                        }
                    }
                } else {
                    StandardError.line("Version \(suggestion.number) is decided on; that stands.")
                }
                place += 1
            case .flagged(var output):
                switch try FlagDialogue(output).answer() {
                case .quit: return stopped()
                case .skip: place += 1
                case .back: place = max(0, place - 1)
                case .decision(let review):
                    if await isKept(.flagged(output, review), item, keep) {
                        output.review = review
                        items[place] = item.with(.flagged(output))
                    }
                    place += 1
                }
            }
        }
        let left = items.count { !$0.isDecided }
        StandardError.line(
            left == 0 ? "\nThat was all." : "\nThat was all; \(left) \(left == 1 ? "waits" : "wait") for later.")
        return true
    }

    private func stopped() -> Bool {
        StandardError.line("Stopped. What was decided is kept; go on with the same command.")
        return false
    }

    /// One that cannot be kept, as somebody was quicker, ends nothing.
    private func isKept(
        _ decision: Decision, _ item: ReviewItem, _ keep: (Decision, ReviewItem) async throws -> Void
    ) async -> Bool {
        do {
            try await keep(decision, item)
            return true
        } catch {
            StandardError.line("\(error)")
            return false
        }
    }

}

extension ReviewItem {
    fileprivate func with(_ subject: Subject) -> ReviewItem {
        ReviewItem(run: run, runName: runName, subject: subject, since: since)
    }
}
