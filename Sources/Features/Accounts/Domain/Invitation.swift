package import EdisonCore

/// The offer to join an organisation, made to an e-mail address; whoever has its token and that address can take it.
package struct Invitation: Hashable, Sendable {
    package static let lifetimeInDays = 7

    package enum Status: String, Sendable, CaseIterable {
        case pending, accepted, declined, revoked
        /// Still pending, but nobody took it in time.
        case expired
    }

    package let id: ID<Invitation>
    package let organization: OrganizationID
    package let email: String
    package let role: Role
    package let status: Status
    package let creator: UserID?
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package func status(at moment: Timestamp) -> Status {
        status == .pending && expiresAt <= moment ? .expired : status
    }

    /// - Parameter creatorRole: what the one who invited is in the organisation now; nil = nothing any more. Nobody
    ///   comes in by somebody who could not invite any more.
    func requireOpen(at moment: Timestamp, creatorRole: Role?) throws {
        let reason: String
        switch status(at: moment) {
        case .pending:
            if let creatorRole, creatorRole >= Permission.writeMembers.role, creatorRole >= role { return }
            reason = "The one who sent this invitation may not invite any more."
        case .accepted: reason = "This invitation has been used."
        case .declined: reason = "This invitation was declined."
        case .revoked: reason = "This invitation was taken back."
        case .expired: reason = "This invitation has expired."
        }
        throw EdisonError(.gone, reason, detail: "Ask for a new one.")
    }

    /// Whoever finds a token cannot use it with another address.
    func requireAddressee(_ address: String?) throws {
        guard address != email else { return }
        throw EdisonError(
            .forbidden, "The invitation was made out to another e-mail address.",
            detail: "Use the account with \(email), or ask for an invitation to your own address.",
            issues: [FieldIssue(path: "email", message: "must be \(email)")])
    }
}
