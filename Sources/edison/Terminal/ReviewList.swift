import EdisonCore
import EdisonEvaluation
import EdisonExperiments

/// What waits for a person, as a list to read or as JSON.
struct ReviewList {
    let items: [ReviewItem]
    /// How many characters of an id tell the runs from each other.
    let length: Int
    private let style = Style.output

    init(_ items: [ReviewItem], runs: [StoredRun]) {
        self.items = items
        length = RunChoice.shortLength(runs.map(\.experiment.id.text))
    }

    var lines: [String] {
        items.map { item in
            let head = "\(item.run.text.prefix(length))  \(Figures.clipped(TerminalText.plain(item.runName), 28))  "
            return switch item.subject {
            case .suggestion(let suggestion, let decision): head + words(suggestion, decision)
            case .flagged(let output): head + words(output)
            }
        }
    }

    private func words(_ suggestion: Suggestion, _ decision: ReviewDecision?) -> String {
        let gate = suggestion.recommendation
        let word = decision.map { style.dim($0.inWords) }
        return "version \(suggestion.number) of iteration \(suggestion.iteration): "
            + "\(Figures.signed(gate.delta)) \(Figures.interval(gate.interval)) on \(gate.cases) cases, "
            + (word
                ?? (suggestion.isRecommended
                    ? style.green("would accept") : style.red("would reject: \(gate.reason)")))
    }

    private func words(_ output: FlaggedOutput) -> String {
        let raised = output.flags.map { raised in
            "\(raised.flags.raised.map(SafetyWords.word).joined(separator: ", ")) (\(raised.raiser))"
        }
        let flags = raised.joined(separator: "; ")
        let decided = output.review.map { style.dim(", \($0.decision.rawValue)") } ?? ""
        return "version \(output.versionNumber): " + (output.isCritical ? style.red(flags) : style.yellow(flags))
            + decided
            + ": \"\(Figures.clipped(TerminalText.plain(output.text), 60))\""
    }

    var json: String {
        JSONValue.array(items.map(\.json)).text(.pretty) + "\n"
    }
}

extension ReviewDecision {
    fileprivate var inWords: String {
        switch self {
        case .approve: "approved"
        case .edit: "edited"
        case .reject: "rejected"
        case .requestChanges: "changes requested"
        case .later: "waits"
        }
    }
}
