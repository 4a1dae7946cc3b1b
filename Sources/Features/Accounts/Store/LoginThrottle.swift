import EdisonCore
import EdisonSQL

/// Slows down who guesses passwords: after five failures for an address or an account each further one doubles the
/// wait, up to a quarter of an hour.
struct LoginThrottle: Sendable {
    static let free = 5
    static let longest: Duration = .seconds(15 * 60)

    /// - Throws: `limited` while one of the names must wait.
    func check(_ names: [String], at moment: Timestamp, in db: any DatabaseConnection) throws {
        let row = try db.fetchOne(
            "SELECT MAX(blocked_until) AS until FROM failed_login WHERE name IN (\(list: names))")
        guard let until = try row?.optionalInt64("until"), until > moment.microseconds else { return }
        let seconds = Int((until - moment.microseconds) / 1_000_000) + 1
        throw EdisonError(
            .limited, "Too many failed attempts to log in.", detail: "Try again in \(seconds) s.",
            underlying: LoginBlocked(seconds: seconds))
    }

    func fail(_ names: [String], at moment: Timestamp, in db: any DatabaseConnection) throws {
        for name in names {
            let row = try db.fetchOne(
                """
                INSERT INTO failed_login (name, failures, blocked_until) VALUES (\(name), 1, 0)
                ON CONFLICT (name) DO UPDATE SET failures = failed_login.failures + 1 RETURNING failures
                """)
            guard let failures = try row?.int("failures"), failures >= Self.free else { continue }
            let seconds = Int64(min(1 << min(failures - Self.free, 20), Int(Self.longest.components.seconds)))
            try db.execute(
                """
                UPDATE failed_login SET blocked_until = \(moment.advanced(by: .seconds(seconds))) WHERE name = \(name)
                """)
        }
    }

    func succeed(_ names: [String], in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM failed_login WHERE name IN (\(list: names))")
    }
}

/// How long it takes until a log-in may be tried again.
package struct LoginBlocked: Error, Sendable {
    package let seconds: Int
}
