import EdisonCore
import EdisonEvaluation
import EdisonLLM

extension StopReason {
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
