/// Who may make an account.
package enum RegistrationPolicy: String, Sendable, CaseIterable {
    case open, invited, closed
}
