package import EdisonCore

/// How a job is to be queued.
package struct JobOptions: Sendable {
    package var owner: String
    /// Where the job is shown.
    package var project: ProjectID?
    package var priority: Int
    /// Not before this moment; nil is at once.
    package var runAt: Timestamp?
    package var maxAttempts: Int
    /// Of all jobs of one owner and kind with the same key only the first is made, for as long as it is kept.
    package var idempotencyKey: String?

    package init(
        owner: String, project: ProjectID? = nil, priority: Int = 0, runAt: Timestamp? = nil, maxAttempts: Int = 3,
        idempotencyKey: String? = nil
    ) {
        self.owner = owner
        self.project = project
        self.priority = priority
        self.runAt = runAt
        self.maxAttempts = maxAttempts
        self.idempotencyKey = idempotencyKey
    }
}
