import EdisonEvaluation
import EdisonJobs
import Synchronization

/// What is known in this process of the jobs that somebody waits for.
final class OpenBatches: Sendable {
    private struct State {
        /// All outputs of these are there; their judgments may not be.
        var executed: Set<Job.ID> = []
        /// Ended by this process, so that the queue need not be asked for them.
        var ended: Set<Job.ID> = []
        /// What this process could not do: whoever waits for it meets the cause when it does the work itself.
        var failed: Set<Job.ID> = []
    }

    private let state = Mutex(State())
    private let surrender = Mutex<(words: String?, action: (@Sendable () -> Void)?)>((nil, nil))
    private let signal = JobSignal()

    /// Yields when something changed here, and now and then.
    func changes() -> AsyncStream<Void> { signal.wakes() }

    func execute(_ job: Job.ID) {
        note([job])
        signal.wake()
    }

    func end(_ job: Job.ID) {
        state.withLock { _ = $0.ended.insert(job) }
        execute(job)
    }

    func fail(_ job: Job.ID) {
        state.withLock { _ = $0.failed.insert(job) }
        signal.wake()
    }

    func note(_ executed: Set<Job.ID>) { state.withLock { $0.executed.formUnion(executed) } }

    func look() { signal.wake() }

    func isExecuted(_ jobs: [Job.ID]) -> Bool { state.withLock { $0.executed.isSuperset(of: jobs) } }

    func notEnded(_ jobs: Set<Job.ID>) -> Set<Job.ID> { state.withLock { jobs.subtracting($0.ended) } }

    func haveFailed(_ jobs: [Job.ID]) -> Bool { state.withLock { !$0.failed.isDisjoint(with: jobs) } }

    func forget(_ jobs: [Job.ID]) {
        state.withLock { state in
            state.executed.subtract(jobs)
            state.ended.subtract(jobs)
            state.failed.subtract(jobs)
        }
    }

    /// Why this process takes no more jobs.
    var failure: String? { surrender.withLock { $0.words } }

    func onGivingUp(_ action: @escaping @Sendable () -> Void) { surrender.withLock { $0.action = action } }

    /// The first reason counts.
    func giveUp(_ error: any Error) {
        let action = surrender.withLock { state in
            state.words = state.words ?? "\(error)"
            return state.action
        }
        action?()
    }
}
