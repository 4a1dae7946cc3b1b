import EdisonCore
import GRDB

/// Says in words for people what SQLite says in codes.
enum SQLiteFailure {
    static func translated(_ error: any Error, path: String) -> any Error {
        if error is EdisonError || error is CancellationError { return error }
        guard let error = error as? DatabaseError else {
            // What the transaction's own work threw is the caller's business.
            return error
        }
        let message = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: return broken(error.extendedResultCode, message) ?? failed(message, error)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return EdisonError(
                .unavailable, "The database \(path) is busy with another process.",
                detail: "Wait until it is done, or use another file with --database.", underlying: error)
        case .SQLITE_READONLY:
            return EdisonError(
                .unavailable, "The database \(path) is read-only.",
                detail: "Make the file and its folder writable, or use another file with --database.", underlying: error
            )
        case .SQLITE_FULL, .SQLITE_IOERR:
            return EdisonError(
                .unavailable, "The disk of the database \(path) is full or cannot be written.",
                detail: "Free some space and start again: what is stored stays, and the run goes on from there.",
                underlying: error)
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            return EdisonError(
                .unavailable, "\(path) is not a usable SQLite database.",
                detail: "Restore it from a backup, or use another file with --database.", underlying: error)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: return cannotOpen(path, error)
        default: return failed(message, error)
        }
    }

    static func cannotOpen(_ path: String, _ error: any Error) -> EdisonError {
        EdisonError(
            .unavailable, "Cannot open the database \(path).",
            detail: "Check that the folder exists and can be written, or use another file with --database.",
            underlying: error)
    }

    private static func broken(_ code: ResultCode, _ message: String) -> EdisonError? {
        let rule: ConstraintViolation.Rule
        switch code {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: rule = .unique
        case .SQLITE_CONSTRAINT_FOREIGNKEY: rule = .reference
        case .SQLITE_CONSTRAINT_NOTNULL: rule = .required
        case .SQLITE_CONSTRAINT_CHECK: rule = .check
        default: return nil
        }
        return ConstraintViolation(rule: rule, reason: message).error
    }

    private static func failed(_ message: String, _ error: DatabaseError) -> EdisonError {
        EdisonError(.internal, "The database failed: \(message).", underlying: error)
    }
}
