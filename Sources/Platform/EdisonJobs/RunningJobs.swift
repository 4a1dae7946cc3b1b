import Synchronization

/// The jobs that a worker runs just now, so that they can be told to stop and why; closed when it takes no more.
final class RunningJobs: Sendable {
    enum Reason: Sendable { case cancelRequested, lost, stopping }

    private struct Entry {
        let job: Job
        let task: Task<Void, any Error>
        var reason: Reason?
    }

    /// A worker may take over a job that it still runs itself, so it is the claim that counts.
    private struct Claim: Hashable {
        let job: Job.ID
        let fence: Int64

        init(_ job: Job) { (self.job, fence) = (job.id, job.fence) }
    }

    private struct State {
        var entries: [Claim: Entry] = [:]
        var isClosed = false
        var waiting: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    var jobs: [Job] { state.withLock { $0.entries.values.map(\.job) } }
    var isClosed: Bool { state.withLock(\.isClosed) }

    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.finish() }
    }

    /// Waits until it is closed, or the task is cancelled.
    func untilClosed() async {
        let (closing, continuation) = AsyncStream<Void>.makeStream()
        let isClosed = state.withLock { state in
            if !state.isClosed { state.waiting.append(continuation) }
            return state.isClosed
        }
        if isClosed { continuation.finish() }
        for await _ in closing {}
    }

    /// Stops a job that comes too late.
    func add(_ job: Job, _ task: Task<Void, any Error>) {
        let isLate = state.withLock { state in
            state.entries[Claim(job)] = Entry(job: job, task: task)
            return state.isClosed
        }
        if isLate { stop(job, .stopping) }
    }

    /// Takes a job out; returns why it was stopped, nil when it was not.
    func remove(_ job: Job) -> Reason? { state.withLock { $0.entries.removeValue(forKey: Claim(job))?.reason } }

    /// Stops a job; the first reason counts.
    func stop(_ job: Job, _ reason: Reason) {
        let task = state.withLock { state -> Task<Void, any Error>? in
            guard let entry = state.entries[Claim(job)] else { return nil }
            state.entries[Claim(job)]?.reason = entry.reason ?? reason
            return entry.task
        }
        task?.cancel()
    }

    func stopAll() { for job in jobs { stop(job, .stopping) } }
}
