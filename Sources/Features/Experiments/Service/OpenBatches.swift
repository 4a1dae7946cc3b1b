import EdisonEvaluation
import EdisonJobs
import Synchronization

/// What is known in this process of the jobs that somebody waits for.
///
/// A run of 100,000 cells has thousands of jobs, so what one of them changes must not make anyone look through all.
final class OpenBatches: Sendable {
    /// The jobs that one waits for together.
    struct Batch: Hashable, Sendable { fileprivate let number: Int }

    struct Standing: Sendable {
        /// All outputs are there; their judgments may not be.
        let isExecuted: Bool
        /// Something could not be done here: whoever waits meets the cause when it does the work itself.
        let hasFailed: Bool
        /// No job is open.
        let isOver: Bool
    }

    private struct Jobs {
        var unexecuted: Set<Job.ID>
        var open: Set<Job.ID>
        var hasFailed = false
    }

    private enum End { case executed, ended, failed }

    private struct State {
        var batches: [Batch: Jobs] = [:]
        var batchOf: [Job.ID: Batch] = [:]
        /// A worker may be quicker than the one who queued the job and is about to wait for it.
        var early: [Job.ID: Set<End>] = [:]
        var count = 0

        mutating func note(_ job: Job.ID, _ end: End) {
            guard let batch = batchOf[job] else { return _ = early[job, default: []].insert(end) }
            switch end {
            case .executed: batches[batch]?.unexecuted.remove(job)
            case .ended:
                batches[batch]?.unexecuted.remove(job)
                batches[batch]?.open.remove(job)
            case .failed: batches[batch]?.hasFailed = true
            }
        }
    }

    private let state = Mutex(State())
    private let surrender = Mutex<(words: String?, action: (@Sendable () -> Void)?)>((nil, nil))
    private let signal = JobSignal()

    /// Yields when something changed here, and now and then.
    func changes() -> AsyncStream<Void> { signal.wakes() }

    /// - Returns: what must be forgotten when nobody waits any more.
    func begin(_ jobs: [Job.ID]) -> Batch {
        state.withLock { state in
            state.count += 1
            let batch = Batch(number: state.count)
            state.batches[batch] = Jobs(unexecuted: Set(jobs), open: Set(jobs))
            for job in jobs {
                state.batchOf[job] = batch
                for end in state.early.removeValue(forKey: job) ?? [] { state.note(job, end) }
            }
            return batch
        }
    }

    func standing(of batch: Batch) -> Standing {
        state.withLock { state in
            guard let jobs = state.batches[batch] else {
                return Standing(isExecuted: true, hasFailed: false, isOver: true)
            }
            return Standing(
                isExecuted: jobs.unexecuted.isEmpty, hasFailed: jobs.hasFailed, isOver: jobs.open.isEmpty)
        }
    }

    func open(of batch: Batch) -> Set<Job.ID> { state.withLock { $0.batches[batch]?.open ?? [] } }

    func forget(_ batch: Batch, _ jobs: [Job.ID]) {
        state.withLock { state in
            state.batches[batch] = nil
            for job in jobs { state.batchOf[job] = nil }
        }
    }

    func execute(_ job: Job.ID) { note([job], .executed) }

    /// By this process or another one.
    func end(_ jobs: Set<Job.ID>) { note(jobs, .ended) }

    func fail(_ job: Job.ID) { note([job], .failed) }

    /// Of all that somebody waits for now.
    func failAll() {
        state.withLock { state in for batch in state.batches.keys { state.batches[batch]?.hasFailed = true } }
        signal.wake()
    }

    private func note(_ jobs: Set<Job.ID>, _ end: End) {
        if jobs.isEmpty { return }
        state.withLock { state in for job in jobs { state.note(job, end) } }
        signal.wake()
    }

    func look() { signal.wake() }

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
