/// An open transaction (or snapshot for reading). Synchronous on purpose: inside a transaction nothing but the
/// database is waited for, so no provider or HTTP call can hold a lock.
package protocol DatabaseConnection {
    var dialect: Dialect { get }

    /// Runs a statement; returns the number of rows that it changed.
    @discardableResult
    func execute(_ sql: SQL) throws -> Int

    func fetch(_ sql: SQL) throws -> [Row]
}

extension DatabaseConnection {
    package func fetchOne(_ sql: SQL) throws -> Row? { try fetch(sql).first }
}
