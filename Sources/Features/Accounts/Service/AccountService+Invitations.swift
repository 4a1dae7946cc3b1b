package import EdisonCore
package import EdisonEvents
import EdisonQuotas
import EdisonSQL
import EdisonSecrets

/// An invitation with what is shown of it: its organisation, and, once, its token.
package struct ShownInvitation: Sendable {
    package let invitation: Invitation
    package let organization: Organization
    /// nil: it was shown before.
    package let token: String?
}

extension AccountService {
    /// - Parameter role: of whoever invites, in this organisation.
    package func invite(
        _ email: String, as invited: Role, to organization: OrganizationID, days: Int, by actor: Actor, with role: Role
    ) async throws -> ShownInvitation {
        try RoleRules.requireGiveable(invited, by: role)
        let token = RandomToken(prefix: "edi_")
        let moment = now()
        let invitation = Invitation(
            id: IDSource.random.next(), organization: organization, email: email, role: invited, status: .pending,
            creator: actor.user, createdAt: moment, expiresAt: Self.end(days, from: moment))
        return try await database.write { db in
            try requireReachable(actor.user, db)
            if try members.hasMember(email: email, organization, in: db) {
                throw EdisonError(
                    .conflict, "\(email) is a member already.", issues: [FieldIssue(path: "email", message: "is in")])
            }
            if let earlier = try invitations.pending(for: email, in: organization, db) {
                guard earlier.status(at: moment) == .expired else {
                    throw EdisonError(
                        .conflict, "\(email) is invited already.",
                        detail: "Send that invitation again, or take it back first: \(earlier.id)")
                }
                _ = try invitations.answer(earlier.id, .revoked, at: moment, in: db)
            }
            try quotas.require(1, of: .members, for: organization, in: db)
            try invitations.insert(invitation, digest: token.digest, in: db)
            try note("invitation.created", invitation, by: actor, db)
            return try shown(invitation, token: token.text, db)
        }
    }

    /// Who has signed in by the first link alone would be locked out of a server with several people.
    private func requireReachable(_ user: UserID?, _ db: any DatabaseConnection) throws {
        guard let user, try accounts.passwordHash(of: user, in: db) == nil else { return }
        throw EdisonError(
            .conflict, "Give yourself an e-mail address and a password before you invite others.",
            detail: "PATCH /api/v1/me with email and password.")
    }

    private static func end(_ days: Int, from moment: Timestamp) -> Timestamp {
        moment.advanced(by: .seconds(days * 24 * 3600))
    }

    package func invitations(
        of organization: OrganizationID, _ page: PageRequest
    ) async throws -> Listing<ShownInvitation> {
        let (found, place) = try await database.read { db in
            (
                try invitations.invitations(of: organization, page, in: db),
                try accounts.organization(organization, in: db)
            )
        }
        guard let place else { throw EdisonError(.notFound, "There is no such organization.") }
        return Listing(found, page) { Cursor($0.id.text) }.map {
            ShownInvitation(invitation: $0, organization: place, token: nil)
        }
    }

    /// A new token for an invitation that still waits, or has expired; the old token is worth nothing any more.
    package func resend(
        _ id: String, of organization: OrganizationID, days: Int, by actor: Actor, with role: Role
    ) async throws -> ShownInvitation {
        let token = RandomToken(prefix: "edi_")
        let moment = now()
        return try await database.write { db in
            let invitation = try require(id, of: organization, db)
            try RoleRules.requireGiveable(invitation.role, by: role)
            let isRenewed = try invitations.renew(
                invitation.id, digest: token.digest, by: actor.user, expiresAt: Self.end(days, from: moment), in: db)
            guard isRenewed, let renewed = try invitations.invitation(id, of: organization, in: db) else {
                throw Self.answered(invitation)
            }
            try note("invitation.resent", renewed, by: actor, db)
            return try shown(renewed, token: token.text, db)
        }
    }

    package func revokeInvitation(_ id: String, of organization: OrganizationID, by actor: Actor) async throws {
        let moment = now()
        try await database.write { db in
            let invitation = try require(id, of: organization, db)
            guard try invitations.answer(invitation.id, .revoked, at: moment, in: db) else {
                throw Self.answered(invitation)
            }
            try note("invitation.revoked", invitation, by: actor, db)
        }
    }

    private func require(
        _ id: String, of organization: OrganizationID, _ db: any DatabaseConnection
    ) throws -> Invitation {
        guard let found = try invitations.invitation(id, of: organization, in: db) else {
            throw EdisonError(.notFound, "There is no such invitation.")
        }
        return found
    }

    private static func answered(_ invitation: Invitation) -> EdisonError {
        EdisonError(.conflict, "The invitation does not wait any more: it is \(invitation.status.rawValue).")
    }

    // MARK: By its token

    package func invitation(by token: String) async throws -> ShownInvitation {
        try await database.read { db in try shown(find(token, db), token: nil, db) }
    }

    /// One that can still be taken.
    package func openInvitation(by token: String) async throws -> ShownInvitation {
        let moment = now()
        return try await database.read { db in
            try shown(open(token, at: moment, db), token: nil, db)
        }
    }

    package func accept(_ token: String, as user: UserID, by actor: Actor) async throws -> ShownInvitation {
        let moment = now()
        return try await database.write { db in
            let found = try invitation(token, for: accounts.user(user, in: db)?.email, at: moment, db)
            if try members.member(user, of: found.organization, in: db) != nil {
                throw EdisonError(.conflict, "You are a member of this organization already.")
            }
            try join(user, by: found, at: moment, request: actor.request, db)
            return try shown(try find(token, db), token: nil, db)
        }
    }

    package func decline(_ token: String, request: String? = nil) async throws {
        let moment = now()
        try await database.write { db in
            let found = try find(token, db)
            guard try invitations.answer(found.id, .declined, at: moment, in: db) else { throw Self.answered(found) }
            try note("invitation.declined", found, by: Actor(organization: found.organization, request: request), db)
        }
    }

    /// One that can be taken by this address.
    func invitation(
        _ token: String, for email: String?, at moment: Timestamp, _ db: any DatabaseConnection
    ) throws -> Invitation {
        let found = try open(token, at: moment, db)
        try found.requireAddressee(email)
        return found
    }

    private func open(_ token: String, at moment: Timestamp, _ db: any DatabaseConnection) throws -> Invitation {
        let found = try find(token, db)
        let creator = try found.creator.flatMap { try members.member($0, of: found.organization, in: db) }
        try found.requireOpen(at: moment, creatorRole: creator?.role)
        return found
    }

    func join(
        _ user: UserID, by invitation: Invitation, at moment: Timestamp, request: String?,
        _ db: any DatabaseConnection
    ) throws {
        guard try invitations.answer(invitation.id, .accepted, at: moment, in: db) else {
            throw Self.answered(invitation)
        }
        // The place that it has held; a plan may have become smaller since.
        try quotas.require(1, of: .members, for: invitation.organization, in: db)
        try accounts.insert(member: user, of: invitation.organization, invitation.role, in: db)
        try note(
            "invitation.accepted", invitation,
            by: Actor(organization: invitation.organization, user: user, request: request),
            db)
    }

    private func find(_ token: String, _ db: any DatabaseConnection) throws -> Invitation {
        guard let found = try invitations.invitation(digest: RandomToken.digest(token), in: db) else {
            throw EdisonError(.notFound, "There is no such invitation.")
        }
        return found
    }

    private func shown(
        _ invitation: Invitation, token: String?, _ db: any DatabaseConnection
    ) throws -> ShownInvitation {
        guard let organization = try accounts.organization(invitation.organization, in: db) else {
            throw EdisonError(.notFound, "There is no such invitation.")
        }
        return ShownInvitation(invitation: invitation, organization: organization, token: token)
    }

    /// Without the address, so that nothing is left of one who is erased.
    private func note(
        _ action: String, _ invitation: Invitation, by actor: Actor, _ db: any DatabaseConnection
    ) throws {
        try audit.record(
            action, of: ("invitation", invitation.id.text), by: actor,
            metadata: ["role": .string(invitation.role.rawValue)], db)
    }
}
