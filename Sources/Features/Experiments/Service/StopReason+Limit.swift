import EdisonCore
import EdisonEvaluation
import EdisonLLM

extension StopReason {
    /// What a person has to know beside the reason: that the limit could not pay for a single call, or that it was not
    /// the run's own.
    static func detail(of error: EdisonError) -> String? {
        let shortage = error.underlying as? BudgetExhausted
        return shortage?.isBelowOneCall == true || shortage?.shared != nil
            ? error.message.prefix(1).lowercased() + error.message.dropFirst().filter { $0 != "." } : nil
    }

    /// Which limit an exhausted budget ran into; nil where the error says nothing of it.
    static func limitReached(_ error: EdisonError) -> StopReason? {
        if error.underlying is TimeExhausted { return .time }
        return switch (error.underlying as? BudgetExhausted)?.limit {
        case .usd: .budget
        case .tokens: .tokens
        case .calls: .calls
        case nil: nil
        }
    }
}
