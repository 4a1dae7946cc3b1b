import EdisonCore

/// Who may make an account.
package enum RegistrationPolicy: String, Sendable, CaseIterable {
    case open, invited, closed

    /// - Parameter hasLink: the link of the first owner, without whom nobody could invite: it always counts.
    func admit(hasInvitation: Bool, hasLink: Bool) throws {
        switch self {
        case .open: return
        case .invited where hasInvitation || hasLink, .closed where hasLink: return
        case .invited:
            throw EdisonError(
                .forbidden, "Nobody can register here without an invitation.",
                detail: "Ask an owner to invite you. The first owner comes in by the link that the server printed.")
        case .closed:
            throw EdisonError(
                .forbidden, "Nobody can register here.", detail: "The server is closed for new accounts.")
        }
    }
}
