import EdisonCore
import EdisonExperiments
import Foundation

/// Says what something will cost before it is spent. Above half a dollar a person is asked; where there is none to ask,
/// a budget in the file or --yes must say so.
struct CostQuestion {
    let words: String
    /// nil = unknown.
    let expected: Money?
    let hasOwnBudget: Bool
    /// With --yes.
    let isAgreed: Bool
    /// Nothing is shown where nobody looks.
    let isSilent: Bool

    func ask() throws {
        if !isSilent { StandardError.line(words) }
        guard let expected, expected > Money(nanodollars: 500_000_000), !isAgreed else { return }
        guard isatty(0) == 1, StandardError.isTerminal else {
            if hasOwnBudget { return }
            throw EdisonError(
                .invalid, "The run is expected to cost \(expected.shortText), and nobody is there to confirm it.",
                detail: "Add --yes, --max-budget USD, or stop: { max_budget_usd: … } to the file.")
        }
        StandardError.write("Go on? [y/N] ")
        guard try TerminalInput.line()?.lowercased().hasPrefix("y") == true else {
            StandardError.line("Nothing was asked of a model.")
            throw ExitStatus.usage
        }
    }
}

extension CostQuestion {
    /// - Parameter other: the same with the other mode of the loop, where there is one.
    init(
        estimate: CostEstimate, other: (mode: LoopSettings.Mode, estimate: CostEstimate)? = nil, hasOwnBudget: Bool,
        isAgreed: Bool, isSilent: Bool
    ) {
        self.init(
            words: other.map { estimate.sentence(beside: $0.estimate, as: $0.mode) } ?? estimate.sentence,
            expected: estimate.expected, hasOwnBudget: hasOwnBudget, isAgreed: isAgreed, isSilent: isSilent)
    }
}
