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
    private var announcements: [@Sendable () -> Void] = []

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

    func afterCommit(_ action: @escaping @Sendable () -> Void) { announcements.append(action) }

    /// For the driver, when the changes are stored.
    var announcing: @Sendable () -> Void {
        let announcements = announcements
        return { for announcement in announcements { announcement() } }
    }

    func savepoint<Value>(_ work: () throws -> Value) throws -> Value {
        depth += 1
        defer { depth -= 1 }
        let name = "part_\(depth)"
        let announced = announcements.count
        try control("SAVEPOINT \(name)")
        do {
            let value = try work()
            if let failure { throw failure }
            try control("RELEASE SAVEPOINT \(name)")
            return value
        } catch {
            // Where even this fails the connection is gone, and the transaction with it.
            failure = nil
            announcements.removeLast(announcements.count - announced)
            try control("ROLLBACK TO SAVEPOINT \(name)")
            try control("RELEASE SAVEPOINT \(name)")
            throw error
        }
    }

    private func control(_ text: String) throws { _ = try guarded { try session.execute(SQL(stringLiteral: text)) } }

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

    /// The driver begins and ends transactions; a statement that did so would split one in two.
    private func refuseControl(_ sql: SQL) throws {
        let words: Set = ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"]
        guard case .text(let text)? = sql.parts.first(where: { !$0.isBlank }) else { return }
        let word = text.drop { $0.isWhitespace }.prefix { $0.isLetter }
        guard words.contains(word.uppercased()) else { return }
        throw EdisonError(
            .internal, "\(word.uppercased()) is not for statements; throw to undo, use savepoint for a part.")
    }
}

extension SQL.Part {
    fileprivate var isBlank: Bool {
        if case .text(let text) = self { text.allSatisfy(\.isWhitespace) } else { false }
    }
}
