/// The few places where the two databases differ, each a named function; nothing else may ask which one it is.
package enum Dialect: String, Sendable, CaseIterable {
    case sqlite, postgres

    /// Ends a `SELECT` whose rows are about to be changed: nobody else changes them until this transaction ends.
    /// SQLite's writer is alone anyway.
    package var lockRows: SQLFragment {
        switch self {
        case .sqlite: SQLFragment(trusted: "")
        case .postgres: SQLFragment(trusted: " FOR UPDATE")
        }
    }

    /// Ends a `SELECT` of a row that this transaction is about to refer to: it may be changed, but not deleted, until
    /// the transaction ends.
    package var lockReferenced: SQLFragment {
        switch self {
        case .sqlite: SQLFragment(trusted: "")
        case .postgres: SQLFragment(trusted: " FOR KEY SHARE")
        }
    }

    /// Skips rows that another transaction holds; SQLite has one writer, so there are none.
    package var skipLocked: SQLFragment {
        switch self {
        case .sqlite: SQLFragment(trusted: "")
        case .postgres: SQLFragment(trusted: " FOR UPDATE SKIP LOCKED")
        }
    }

    /// The same for rows of which others may only refer to the key: it skips those that are being changed, not those that
    /// somebody is about to refer to.
    package var skipChanging: SQLFragment {
        switch self {
        case .sqlite: SQLFragment(trusted: "")
        case .postgres: SQLFragment(trusted: " FOR NO KEY UPDATE SKIP LOCKED")
        }
    }

    /// The database's own clock in microseconds since 1970: the one clock that all processes share.
    package var databaseTime: SQLFragment {
        switch self {
        case .sqlite: SQLFragment(trusted: "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)")
        case .postgres: SQLFragment(trusted: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)")
        }
    }

    /// How many bytes a text has in UTF-8.
    package func bytes(of column: StaticString) -> SQLFragment {
        switch self {
        case .sqlite: SQLFragment(trusted: "LENGTH(CAST(\(column) AS BLOB))")
        case .postgres: SQLFragment(trusted: "OCTET_LENGTH(\(column))")
        }
    }

    /// Makes the processes that migrate the same schema queue; none when there is only one writer anyway.
    var migrationLock: SQL? {
        switch self {
        case .sqlite: nil
        case .postgres: "SELECT pg_advisory_xact_lock(hashtext('edison migration ' || COALESCE(current_schema(), '')))"
        }
    }

    /// Tells the sessions that listen, when the transaction is stored. Where processes look for themselves, nothing is told.
    func notification(_ text: String) -> SQL? {
        switch self {
        case .sqlite: nil
        case .postgres: "SELECT pg_notify(\(Self.channel), \(text))"
        }
    }

    /// Of the schema, since several may live in one database.
    static let channel = SQLFragment(trusted: "'edison_' || md5(COALESCE(current_schema(), ''))")

    func placeholder(_ index: Int) -> String {
        switch self {
        case .sqlite: "?"
        case .postgres: "$\(index)"
        }
    }

    /// Turns the schema's portable text into the database's own: SQLite's names of types are the portable ones.
    func schema(_ text: String) -> String {
        switch self {
        case .sqlite: text
        case .postgres:
            text.replacing(/\ INTEGER\b/, with: " BIGINT").replacing(/\ REAL\b/, with: " DOUBLE PRECISION")
                .replacing(/\ BLOB\b/, with: " BYTEA").replacing(/\) STRICT\b/, with: ")")
        }
    }
}
