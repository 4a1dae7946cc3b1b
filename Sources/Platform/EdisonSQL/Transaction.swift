import EdisonCore

/// What a driver offers inside a transaction that it has begun. Errors are already in the words of `EdisonError`.
protocol DatabaseSession {
    var dialect: Dialect { get }
    func execute(_ sql: SQL) throws -> Int
    func fetch(_ sql: SQL) throws -> [Row]
}

/// The rules of a transaction, the same on both databases.
///
/// PostgreSQL gives a transaction up at its first failed statement and then answers COMMIT with a silent ROLLBACK;
/// SQLite goes on. Here both stop, so that code which passes on one is right on the other.
final class Transaction: DatabaseConnection {
    private let session: any DatabaseSession
    private var depth = 0
    /// The statement that failed; whoever ends the transaction must not commit while there is one.
    private(set) var failure: (any Error)?
    private var actions: [@Sendable () -> Void] = []
    private(set) var announcements: [Announcement] = []

    init(_ session: any DatabaseSession) { self.session = session }

    var dialect: Dialect { session.dialect }

    func execute(_ sql: SQL) throws -> Int {
        try refuseControl(sql)
        return try guarded { try session.execute(sql) }
    }

    func fetch(_ sql: SQL) throws -> [Row] {
        try refuseControl(sql)
        return try guarded { try session.fetch(sql) }
    }

    func afterCommit(_ action: @escaping @Sendable () -> Void) { actions.append(action) }

    func notify(_ channel: String, _ payload: String) {
        let announcement = Announcement(channel: channel, payload: payload)
        if !announcements.contains(announcement) { announcements.append(announcement) }
    }

    /// For the driver, when the changes are stored.
    var announcing: @Sendable () -> Void {
        let actions = actions
        return { for action in actions { action() } }
    }

    func savepoint<Value>(_ work: () throws -> Value) throws -> Value {
        depth += 1
        defer { depth -= 1 }
        let name = "part_\(depth)"
        let (acted, announced) = (actions.count, announcements.count)
        try steer("SAVEPOINT \(name)")
        do {
            let value = try work()
            if let failure { throw failure }
            try steer("RELEASE SAVEPOINT \(name)")
            return value
        } catch {
            // Where even this fails the connection is gone, and the transaction with it.
            failure = nil
            actions.removeLast(actions.count - acted)
            announcements.removeLast(announcements.count - announced)
            try steer("ROLLBACK TO SAVEPOINT \(name)")
            try steer("RELEASE SAVEPOINT \(name)")
            throw error
        }
    }

    private func steer(_ text: String) throws { _ = try guarded { try session.execute(SQL(stringLiteral: text)) } }

    private func guarded<Value>(_ run: () throws -> Value) throws -> Value {
        if let failure {
            throw EdisonError(
                .internal, "A statement of this transaction failed; nothing more is done in it.", underlying: failure)
        }
        do { return try run() } catch {
            failure = error
            throw error
        }
    }

    private static let white: [UInt8] = Array(" \n\t\r".utf8)
    private static let control: Set = ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"]

    /// In which most statements do not begin.
    private static let firstLetters = Set(control.flatMap { [$0.utf8.first!, $0.utf8.first! | 0x20] })

    /// The driver begins and ends transactions; a statement that did so would split one in two.
    private func refuseControl(_ sql: SQL) throws {
        for case .text(let text) in sql.parts {
            let start = text.utf8.drop { Self.white.contains($0) }
            guard let first = start.first else { continue }
            if !Self.firstLetters.contains(first) { return }
            let word = start.prefix { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
            guard word.count <= 9, let word = String(word)?.uppercased(), Self.control.contains(word) else { return }
            throw EdisonError(
                .internal, "\(word) is not for statements; throw to undo, use savepoint for a part.")
        }
    }
}
