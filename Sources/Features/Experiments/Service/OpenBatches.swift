import EdisonEvaluation
import EdisonJobs
import Synchronization

/// What is known in this process of the jobs that somebody waits for.
final class OpenBatches: Sendable {
    private let executed = Mutex<Set<Job.ID>>([])
    private let ended = Mutex<Set<Job.ID>>([])
    private let failed = Mutex<Set<Job.ID>>([])
    private let surrender = Mutex<(words: String?, action: (@Sendable () -> Void)?)>((nil, nil))
    private let signal = JobSignal()

    /// Yields when something changed here, and now and then.
    func changes() -> AsyncStream<Void> { signal.wakes() }

    /// All outputs of these jobs are there; their judgments may not be.
    func execute(_ jobs: Set<Job.ID>) {
        note(jobs)
        signal.wake()
    }

    func note(_ jobs: Set<Job.ID>) { executed.withLock { $0.formUnion(jobs) } }

    /// This process has ended the job, so that the queue need not be asked for it.
    func end(_ job: Job.ID) {
        ended.withLock { _ = $0.insert(job) }
        execute([job])
    }

    func isEnded(_ job: Job.ID) -> Bool { ended.withLock { $0.contains(job) } }

    /// This process could not do the job: whoever waits for it meets the cause when it does the work itself.
    func fail(_ job: Job.ID) {
        failed.withLock { _ = $0.insert(job) }
        signal.wake()
    }

    func hasFailed(_ job: Job.ID) -> Bool { failed.withLock { $0.contains(job) } }

    func look() { signal.wake() }

    func isExecuted(_ jobs: [Job.ID]) -> Bool { executed.withLock { $0.isSuperset(of: jobs) } }

    func forget(_ jobs: [Job.ID]) {
        executed.withLock { $0.subtract(jobs) }
        ended.withLock { $0.subtract(jobs) }
        failed.withLock { $0.subtract(jobs) }
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
