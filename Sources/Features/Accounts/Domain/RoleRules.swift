import EdisonCore

/// Who may give and take which role.
enum RoleRules {
    /// A change of somebody's part; `next` nil takes it away.
    struct Change: Sendable {
        /// The role of whoever changes it.
        let by: Role
        let present: Role
        let next: Role?
        /// Whether it is the own part.
        let isOwn: Bool
        let isLastOwner: Bool
    }

    static func check(_ change: Change) throws {
        if !change.isOwn, change.present > change.by {
            throw EdisonError(
                .forbidden, "You cannot change somebody whose role is above your own.",
                detail: "Your role is \(change.by.rawValue), theirs is \(change.present.rawValue).")
        }
        if let next = change.next { try requireGiveable(next, by: change.by) }
        if change.isLastOwner, change.next != .owner {
            throw EdisonError(
                .conflict, "The last owner stays owner.", detail: "Make somebody else owner first, then try again.")
        }
    }

    static func requireGiveable(_ role: Role, by own: Role) throws {
        guard role > own else { return }
        throw EdisonError(
            .forbidden, "You can give no role above your own, which is \(own.rawValue).",
            issues: [FieldIssue(path: "role", message: "must be \(own.rawValue) or below")])
    }
}
