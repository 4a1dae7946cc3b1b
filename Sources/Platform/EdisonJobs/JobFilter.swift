package import EdisonCore

/// Which jobs somebody asks for; nil: whatever it is.
package struct JobFilter: Sendable, Hashable {
    package var status: JobStatus?
    package var kind: JobKind?
    package var owner: String?
    package var project: ProjectID?

    package init(
        status: JobStatus? = nil, kind: JobKind? = nil, owner: String? = nil, project: ProjectID? = nil
    ) {
        self.status = status
        self.kind = kind
        self.owner = owner
        self.project = project
    }
}

/// How the jobs of one kind and owner stand.
package struct QueueState: Sendable, Hashable {
    package let kind: JobKind
    package let owner: String
    package let counts: [JobStatus: Int]
    /// Since when the job that has waited longest could have begun; nil: none waits.
    package let waitingSince: Timestamp?
    /// What the database's clock says.
    package let now: Timestamp

    package var waited: Duration? { waitingSince.map { max(.zero, now.duration(since: $0)) } }
    package func count(_ status: JobStatus) -> Int { counts[status] ?? 0 }
}
