import EdisonCore
import EdisonJobs
import Logging

/// Writes into the log what workers tell.
struct JobLog: Sendable {
    private let log: Logger

    init(_ log: Logger) { self.log = log }

    func note(_ event: JobEvent) {
        switch event {
        case .started(let job): log.debug("job started", metadata: Self.metadata(job))
        case .completed(let job): log.info("job completed", metadata: Self.metadata(job))
        case .cancelled(let job): log.info("job cancelled", metadata: Self.metadata(job))
        case .released(let job): log.info("job handed over", metadata: Self.metadata(job))
        case .lost(let job): log.warning("job taken over by another worker", metadata: Self.metadata(job))
        case .failed(let job, let status, let error):
            var metadata = Self.metadata(job)
            metadata["error"] = "\(error)"
            metadata["attempt"] = "\(job.attempts) of \(job.maxAttempts)"
            log.log(level: status == .failed ? .error : .warning, "job failed", metadata: metadata)
        case .trouble(let error): log.warning("the queue is out of reach", metadata: ["error": "\(error)"])
        }
    }

    private static func metadata(_ job: Job) -> Logger.Metadata {
        ["job": "\(job.id)", "kind": "\(job.kind)", "owner": "\(job.owner)"]
    }
}
