import EdisonCore
import EdisonJobs
import EdisonWeb

extension Job {
    /// As a project sees its own.
    static let shape = Shape<Job>(
        "Job",
        [
            .id("id", \.id), .text("kind") { $0.kind.name }, .text("owner", \.owner),
            .optionalID("project_id", \.project), .word("status", \.status), .integer("priority", \.priority),
            .integer("attempts", \.attempts), .integer("max_attempts", \.maxAttempts), .any("progress", \.progress),
            .optionalText("last_error", \.lastError), .bool("cancel_requested", \.isCancelRequested),
            .time("scheduled_at", \.scheduledAt), .time("created_at", \.createdAt),
            .optionalTime("started_at", \.startedAt), .optionalTime("finished_at", \.finishedAt),
        ])

    /// As whoever runs the installation sees it.
    static let fullShape = shape.adding(
        "JobDetails",
        [
            .optionalText("worker", \.worker), .optionalTime("lease_until", \.leaseUntil), .any("payload", \.payload),
        ])
}

extension QueueState {
    static let shape = Shape<QueueState>(
        "Queue",
        [
            .text("kind") { $0.kind.name }, .text("owner", \.owner),
        ]
            + JobStatus.allCases.map { status in .integer(status.rawValue) { $0.count(status) } } + [
                .optionalTime("waiting_since", \.waitingSince),
                .number("waited_seconds") { state in state.waited.map { ($0 / .milliseconds(1)).rounded() / 1_000 } },
            ])
}

extension WorkerRecord {
    static let shape = Shape<WorkerRecord>(
        "Worker",
        [
            .text("name", \.name), .bool("alive", \.isAlive), .optionalText("host") { $0.presence?.host },
            .optionalInteger("process_id") { $0.presence?.process },
            .texts("kinds") { $0.presence?.kinds.map(\.name) ?? [] },
            .optionalInteger("concurrency") { $0.presence?.concurrency },
            .optionalTime("started_at") { $0.presence?.startedAt }, .optionalTime("seen_at") { $0.presence?.seenAt },
            .parts("jobs", Job.shape, \.jobs),
        ])
}
