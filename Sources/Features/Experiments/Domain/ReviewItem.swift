package import EdisonCore
import EdisonEvaluation

/// One thing that waits for a person, with the run that it belongs to.
package struct ReviewItem: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        case suggestion(Suggestion, decision: ReviewDecision?)
        case flagged(FlaggedOutput)
    }

    package let run: Experiment.ID
    package let runName: String
    package let subject: Subject
    package let since: Timestamp

    package init(run: Experiment.ID, runName: String, subject: Subject, since: Timestamp) {
        self.run = run
        self.runName = runName
        self.subject = subject
        self.since = since
    }

    package var isDecided: Bool {
        switch subject {
        case .suggestion(_, let decision): decision != nil
        case .flagged(let output): output.review != nil
        }
    }
}

/// Which of the things that wait a person wants to see.
package struct ReviewFilter: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable { case suggestions, flags }

    /// nil: both.
    package var kind: Kind?
    /// nil: of all runs.
    package var run: Experiment.ID?
    /// A flag by its name in the contract: then only outputs on which it is raised.
    package var flag: String?
    /// A judge by its name, or `safety scan`: then only outputs that it flagged.
    package var raisedBy: String?
    /// With what has been decided.
    package var includesDecided = false

    package init() {}

    package func takes(_ item: ReviewItem) -> Bool {
        if let run, item.run != run { return false }
        if !includesDecided, item.isDecided { return false }
        switch item.subject {
        case .suggestion: return kind != .flags && flag == nil && raisedBy == nil
        case .flagged(let output):
            return kind != .suggestions
                && output.flags.contains { raised in
                    (flag.map { raised.flags.raised.contains($0) } ?? true)
                        && (raisedBy.map { $0 == raised.raiser } ?? true)
                }
        }
    }

    /// Suggestions first, since runs wait for them; then what must never reach anybody; each the oldest first.
    package func sorted(_ items: [ReviewItem]) -> [ReviewItem] {
        items.filter(takes).sorted { left, right in
            let (first, second) = (left.urgency, right.urgency)
            if first != second { return first < second }
            if left.since != right.since { return left.since < right.since }
            return left.order < right.order
        }
    }
}

extension FlaggedOutput.RaisedFlags {
    package static let scan = "safety scan"

    /// Who raised them.
    package var raiser: String { judge ?? Self.scan }
}

extension ReviewItem {
    fileprivate var urgency: Int {
        switch subject {
        case .suggestion: 0
        case .flagged(let output): output.isCritical ? 1 : 2
        }
    }

    fileprivate var order: String {
        switch subject {
        case .suggestion(let suggestion, _): suggestion.version.text
        case .flagged(let output): output.output.text
        }
    }
}
