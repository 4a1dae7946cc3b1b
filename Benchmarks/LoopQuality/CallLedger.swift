import EdisonCore
import EdisonExperiments
import EdisonLLM

/// Counts the model calls of one run by what they are for, so that a page can say where they go.
struct CallLedger: Sendable {
    enum Phase: Int, Sendable, CaseIterable {
        case evidence, race, joining, test
    }

    enum Use: Sendable, Hashable {
        case execution(Phase)
        /// By the judge that decides races.
        case searchJudgment(Phase)
        case otherJudgment(Phase)
        case proposal
        case summary
    }

    private(set) var counts: [Use: Int] = [:]
    /// Executions and judgments are told apart by what the run reported last.
    private var phase = Phase.evidence
    private let searchJudge: String

    init(searchJudge: String) { self.searchJudge = searchJudge }

    mutating func saw(_ event: RunEvent) {
        switch event {
        case .scored, .proposed: phase = .race
        case .decided: phase = .joining
        case .summarised: phase = .evidence
        case .stopping: phase = .test
        default: break
        }
    }

    mutating func called(_ event: CallEvent) {
        switch event.purpose {
        case .execute: counts[.execution(phase), default: 0] += 1
        case .judge:
            let isSearch = event.result.response?.model == searchJudge
            counts[isSearch ? .searchJudgment(phase) : .otherJudgment(phase), default: 0] += 1
        case .refine: counts[.proposal, default: 0] += 1
        case .summary: counts[.summary, default: 0] += 1
        default: break
        }
    }

    subscript(use: Use) -> Int { counts[use] ?? 0 }
}
