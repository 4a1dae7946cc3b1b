import EdisonCore
import EdisonSQL
import EdisonWeb

/// Slows down who guesses passwords: some failures are free, and each further one doubles the wait, up to a quarter of
/// an hour. Who floods one account from one place waits there, and neither others at that place nor the account's owner
/// elsewhere wait with them, unless it goes on from everywhere.
///
/// An attempt counts before the password is looked at, so that a hundred at once are a hundred.
struct LoginThrottle: Sendable {
    struct Name: Hashable, Sendable {
        let text: String
        let free: Int
        /// Whether a success shows that the failures were slips of the pen.
        let endsWithSuccess: Bool
    }

    static let longest = 15 * 60
    static let memory: Duration = .seconds(24 * 3600)
    /// Processes whose clocks differ a little do not make each other wait.
    private static let tolerance: Duration = .seconds(10)

    static func names(email: String, address: String) -> [Name] {
        [
            Name(text: "\(prefix(of: email))\(address)", free: 5, endsWithSuccess: true),
            Name(text: "account \(email)", free: 50, endsWithSuccess: true),
            Name(text: "address \(address)", free: 20, endsWithSuccess: false),
        ]
    }

    private static func prefix(of email: String) -> String { "account \(email) from " }

    /// Seconds.
    static func wait(failures: Int, free: Int) -> Int {
        failures < free ? 0 : min(1 << min(failures - free, 20), longest)
    }

    /// Counts an attempt.
    /// - Throws: `limited` while one of the names must wait; then the attempt is not counted.
    func count(_ names: [Name], at moment: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM failed_login WHERE blocked_until < \(moment.advanced(by: .zero - Self.memory))")
        for name in names {
            let row = try db.fetchOne(
                """
                INSERT INTO failed_login (name, failures, blocked_until)
                VALUES (\(name.text), 1, \(Self.free(at: moment)))
                ON CONFLICT (name) DO UPDATE SET failures = failed_login.failures + 1
                    WHERE failed_login.blocked_until <= \(moment)
                RETURNING failures
                """)
            guard let failures = try row?.int("failures") else { throw try blocked(name, at: moment, in: db) }
            let wait = Self.wait(failures: failures, free: name.free)
            let until = wait == 0 ? Self.free(at: moment) : moment.advanced(by: .seconds(wait))
            try db.execute("UPDATE failed_login SET blocked_until = \(until) WHERE name = \(name.text)")
        }
    }

    private static func free(at moment: Timestamp) -> Timestamp { moment.advanced(by: .zero - tolerance) }

    private func blocked(_ name: Name, at moment: Timestamp, in db: any DatabaseConnection) throws -> EdisonError {
        let until = try db.fetchOne("SELECT blocked_until FROM failed_login WHERE name = \(name.text)")?
            .optionalTimestamp("blocked_until")
        let seconds = max(1, Int((until ?? moment).duration(since: moment) / .seconds(1)) + 1)
        return EdisonError(
            .limited, "Too many failed attempts to log in.", detail: "Try again in \(seconds) s.",
            underlying: RetryAfter(seconds: seconds))
    }

    func succeed(_ names: [Name], at moment: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute(
            "DELETE FROM failed_login WHERE name IN (\(list: names.filter(\.endsWithSuccess).map(\.text)))")
        try forgive(names.filter { !$0.endsWithSuccess }, at: moment, in: db)
    }

    /// Takes an attempt back.
    func forgive(_ names: [Name], at moment: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE failed_login SET failures = failures - 1, blocked_until = \(Self.free(at: moment))
            WHERE name IN (\(list: names.map(\.text)))
            """)
    }

    func forget(email: String, in db: any DatabaseConnection) throws {
        let prefix = Self.prefix(of: email)
        try db.execute(
            """
            DELETE FROM failed_login
            WHERE name = \("account \(email)") OR substr(name, 1, CAST(\(prefix.unicodeScalars.count) AS INTEGER)) = \(prefix)
            """)
    }
}
