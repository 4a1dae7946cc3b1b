package import EdisonCore

/// A run as it is stored: its identity, where it stands, and how it ended.
package struct Experiment: Sendable {
    package typealias ID = EdisonCore.ID<Experiment>

    /// `refine` looks for a better prompt, `eval` scores the one that is there.
    package enum Kind: String, Sendable, CaseIterable { case refine, eval }

    package let id: ID
    package let kind: Kind
    /// SHA-256 of the resolved definition, the kind and the seed: the same file run again is the same run.
    package let identity: ContentHash
    package let name: String
    package var status: ExperimentStatus
    package var stopReason: StopReason?
    package let seed: UInt64
    package let createdAt: Timestamp

    package init(
        id: ID, kind: Kind, identity: ContentHash, name: String, status: ExperimentStatus, stopReason: StopReason?,
        seed: UInt64, createdAt: Timestamp
    ) {
        self.id = id
        self.kind = kind
        self.identity = identity
        self.name = name
        self.status = status
        self.stopReason = stopReason
        self.seed = seed
        self.createdAt = createdAt
    }
}
