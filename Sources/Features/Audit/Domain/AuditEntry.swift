package import EdisonCore

/// What somebody did, as it was written down with the change itself.
package struct AuditEntry: Hashable, Sendable {
    package let id: String
    package let project: ProjectID?
    /// nil: nobody with an account, such as the command line.
    package let user: UserID?
    package let key: APIKeyID?
    package let action: String
    package let entityType: String
    package let entityID: String
    package let changes: JSONValue
    package let metadata: JSONValue
    package let request: String?
    package let createdAt: Timestamp
    /// What the person is called at the moment; nil when nobody is known, or was erased.
    package var userName: String?
}

/// Which entries are asked for; nil = all.
package struct AuditFilter: Hashable, Sendable {
    package var user: UserID?
    package var entityType: String?
    package var entityID: String?
    /// A whole action, or its beginning up to a dot: `prompt.`.
    package var action: String?
    package var from: Timestamp?
    /// Exclusive, so that the days of a month follow each other.
    package var to: Timestamp?

    package init() {}

    /// - Parameter entity: `prompt`, or `prompt/ID`.
    package mutating func setEntity(_ entity: String) {
        let parts = entity.split(separator: "/", maxSplits: 1).map(String.init)
        entityType = parts.first
        entityID = parts.count > 1 ? parts[1] : nil
    }
}
