import EdisonCore

/// What the server said, by its five-character state; without one the connection itself is gone.
struct PostgresFailure: Error {
    let state: String
    let message: String
    /// It came of a statement that had been prepared before.
    var wasPrepared = false

    /// Another transaction was in the way: the same transaction may succeed now.
    var isConflictOfTransactions: Bool {
        state == "40001" || state == "40P01" || isStalePlan || isUnknownStatement
    }
    /// The tables have changed since the statement was prepared; its words are in the server's language.
    var isStalePlan: Bool { state == "0A000" && wasPrepared }
    /// Another session of the server than the one that prepared it, or one that has such a name already.
    var isUnknownStatement: Bool { state == "26000" || state == "42P05" }
    var isRefusedWrite: Bool { state == "25006" }
    var isLostConnection: Bool {
        state.isEmpty || state.hasPrefix("08") || ["57P01", "57P02", "57P03"].contains(state)
    }

    var translated: EdisonError {
        if isLostConnection { return EdisonError(.unavailable, "PostgreSQL went away: \(message)", underlying: self) }
        if let rule = brokenRule { return ConstraintViolation(rule: rule, reason: message).error }
        switch state {
        case "53300":
            return EdisonError(
                .unavailable, "PostgreSQL takes no more connections: \(message)",
                detail: "Raise its max_connections, or start fewer processes.", underlying: self)
        case _ where state.hasPrefix("53"):
            return EdisonError(
                .unavailable, "PostgreSQL has no room left: \(message)",
                detail: "Free some space and start again: what is stored stays, and the run goes on from there.",
                underlying: self)
        case "57014", "55P03":
            return EdisonError(.unavailable, "PostgreSQL gave up waiting: \(message)", underlying: self)
        case "25006": return EdisonError(.unavailable, "The PostgreSQL database is read-only.", underlying: self)
        case "42501":
            return EdisonError(
                .unavailable, "The PostgreSQL user may not do this: \(message)",
                detail: "Grant it CREATE and write rights on the database.", underlying: self)
        case _ where isConflictOfTransactions:
            return EdisonError(
                .unavailable, "PostgreSQL: other transactions kept getting in the way.", underlying: self)
        default: return EdisonError(.internal, "The database failed: \(message)", underlying: self)
        }
    }

    private var brokenRule: ConstraintViolation.Rule? {
        switch state {
        case "23505": .unique
        case "23503": .reference
        case "23502": .required
        case "23514": .check
        default: nil
        }
    }
}
