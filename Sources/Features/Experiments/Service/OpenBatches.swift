import EdisonEvaluation
import EdisonJobs
import Synchronization

/// What is known in this process of the jobs that somebody waits for.
final class OpenBatches: Sendable {
    private let executed = Mutex<Set<Job.ID>>([])
    private let signal = JobSignal()

    /// Yields when something changed here, and now and then.
    func changes() -> AsyncStream<Void> { signal.wakes() }

    /// All outputs of these jobs are there; their judgments may not be.
    func execute(_ jobs: Set<Job.ID>) {
        note(jobs)
        signal.wake()
    }

    func note(_ jobs: Set<Job.ID>) { executed.withLock { $0.formUnion(jobs) } }

    func look() { signal.wake() }

    func isExecuted(_ jobs: [Job.ID]) -> Bool { executed.withLock { $0.isSuperset(of: jobs) } }

    func forget(_ jobs: [Job.ID]) { executed.withLock { $0.subtract(jobs) } }
}
