package import EdisonCore

/// A worker as others see it.
package struct WorkerRecord: Sendable, Hashable {
    package let name: String
    /// nil of a worker that belongs to one run and did not sign in.
    package let presence: WorkerPresence?
    package let isAlive: Bool
    /// What it holds just now.
    package let jobs: [Job]
}

/// What a worker says of itself when it begins.
package struct WorkerPresence: Sendable, Hashable {
    package let host: String
    package let process: Int
    package let kinds: [JobKind]
    package let concurrency: Int
    package let startedAt: Timestamp
    package let seenAt: Timestamp
}
