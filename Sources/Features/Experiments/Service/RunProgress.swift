import EdisonCore
import EdisonLLM
import Synchronization

/// The last state of a running loop, for whoever has to write it down when the loop is interrupted.
package final class RunProgress: Sendable {
    private let last = Mutex<LoopState?>(nil)
    private let exhausted = Mutex<StoppingBudget?>(nil)

    package init() {}

    package func keep(_ state: LoopState) { last.withLock { $0 = state } }

    package var state: LoopState? { last.withLock { $0 } }

    /// The budget of an account that has ended the run, if it was one.
    var stoppingBudget: StoppingBudget? { exhausted.withLock { $0 } }

    /// The limit that an error says is used up; which budget of an account it was is kept for the result.
    func limitReached(_ error: EdisonError) -> StopReason {
        let shortage = error.underlying as? BudgetExhausted
        if let budget = shortage.flatMap(StoppingBudget.init) { exhausted.withLock { $0 = budget } }
        return StopReason.limitReached(error) ?? .budget
    }
}
