/// An open transaction (or snapshot for reading). Synchronous on purpose: inside a transaction nothing but the
/// database is waited for, so no provider or HTTP call can hold a lock.
///
/// A statement that fails ends the transaction: whatever follows fails too, and nothing is stored, also when the
/// closure swallows the error. What may fail on the way is run in a `savepoint`.
package protocol DatabaseConnection {
    var dialect: Dialect { get }

    /// Runs a statement; returns the number of rows that it changed.
    @discardableResult
    func execute(_ sql: SQL) throws -> Int

    func fetch(_ sql: SQL) throws -> [Row]

    /// A part of the transaction: when it throws, its changes are undone and the transaction can go on.
    @discardableResult
    func savepoint<Value>(_ work: () throws -> Value) throws -> Value

    /// Does something once the changes are stored, and not at all when they are undone: to tell others of them.
    /// Must be quick, since the next writer may be waiting.
    func afterCommit(_ action: @escaping @Sendable () -> Void)

    /// Tells whoever listens to a channel, in every process, once the changes are stored; the same words count once.
    func notify(_ channel: String, _ payload: String)
    /// What is to be told, in its order.
    var announcements: [Announcement] { get }
}

extension DatabaseConnection {
    package func fetchOne(_ sql: SQL) throws -> Row? { try fetch(sql).first }
}
