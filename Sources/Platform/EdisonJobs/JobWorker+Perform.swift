import EdisonCore
import EdisonSQL

/// One job, from its claim to its outcome.
extension JobWorker {
    func perform(_ job: Job) async {
        guard let definition = definitions[job.kind] else { return }
        observe(.started(job))
        let context = JobContext(job: job, queue: queue, running: running)
        // A task of its own, because each job is stopped for itself: by a person, a lost lease, or the worker's end.
        let task = Task {
            try await within(definition.timeLimit) { try await definition.perform(job.payload, context) }
        }
        running.add(job, task)
        let result = await task.result
        let reason = running.remove(job) ?? (hasEndedEarly(result) ? .stopping : nil)
        // Not cancelled with the worker: the outcome of what was done must be stored.
        await Task { await settle(job, result, reason, definition) }.value
    }

    /// Whether a job ended by itself, at a safe point, because the worker is about to stop.
    private func hasEndedEarly(_ result: Result<Void, any Error>) -> Bool {
        if case .failure(let error) = result { running.isClosed && error is CancellationError } else { false }
    }

    private func within(_ limit: Duration, _ work: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await work() }
            group.addTask {
                try await queue.time.sleep(limit)
                throw EdisonError(.unavailable, "The job took longer than \(limit).")
            }
            try await group.next()
        }
    }

    private func settle(
        _ job: Job, _ result: Result<Void, any Error>, _ reason: RunningJobs.Reason?, _ definition: JobDefinition
    ) async {
        for attempt in 1...5 {
            do { return observe(try await outcome(of: job, result, reason, definition)) } catch {
                observe(.trouble(error))
                // When it cannot be stored at all, the lease runs out and the job is done again.
                if attempt < (running.isClosed ? 2 : 5), (try? await queue.time.sleep(.seconds(attempt))) == nil {
                    return
                }
            }
        }
    }

    private func outcome(
        of job: Job, _ result: Result<Void, any Error>, _ reason: RunningJobs.Reason?, _ definition: JobDefinition
    ) async throws -> JobEvent {
        let random = random()
        return try await queue.database.write { db in
            switch (result, reason) {
            case (.success, _): return try queue.complete(job, db) ? .completed(job) : .lost(job)
            case (.failure, .lost): return .lost(job)
            case (.failure, .cancelRequested): return try queue.stopCancelled(job, db) ? .cancelled(job) : .lost(job)
            case (.failure, .stopping):
                return switch try queue.release(job, db) {
                case .pending: .released(job)
                case nil: .lost(job)
                default: .cancelled(job)
                }
            case (.failure(let error), nil):
                guard let status = try queue.fail(job, error, retry: definition.retry, random: random, db) else {
                    return .lost(job)
                }
                return .failed(job, status, error)
            }
        }
    }
}
