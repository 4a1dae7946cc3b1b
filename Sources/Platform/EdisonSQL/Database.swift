import EdisonCore

/// A database of either kind: transactions for reading and for writing, run off the cooperative threads.
package struct Database: Sendable {
    private let driver: any DatabaseDriver

    /// How the place was named, without password: for messages.
    package let name: String

    init(driver: any DatabaseDriver, name: String) {
        self.driver = driver
        self.name = name
    }

    /// Opens `sqlite:PATH`, a bare path, or `postgres://…`; a SQLite file and its folder are made when absent.
    package static func open(_ place: String) async throws -> Database {
        if place.hasPrefix("postgres://") || place.hasPrefix("postgresql://") {
            return Database(driver: try await PostgresDriver.open(place), name: PostgresDriver.shownName(place))
        }
        let path = place.hasPrefix("sqlite:") ? String(place.dropFirst(7)) : place
        return Database(driver: try SQLiteDriver(path: path), name: path)
    }

    package var dialect: Dialect { driver.dialect }

    /// One consistent view; writes inside it fail.
    package func read<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try await driver.read(work)
    }

    /// One transaction: all of it happens or, when the closure throws, nothing. The closure may run again after a
    /// conflict with another process, so it must not change anything but the database.
    @discardableResult
    package func write<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try await driver.write(work)
    }

    package func close() async { await driver.close() }
}

/// What a kind of database must be able to do.
protocol DatabaseDriver: Sendable {
    var dialect: Dialect { get }
    func read<Value: Sendable>(_ work: @escaping @Sendable (any DatabaseConnection) throws -> Value) async throws -> Value
    func write<Value: Sendable>(_ work: @escaping @Sendable (any DatabaseConnection) throws -> Value) async throws -> Value
    func close() async
}
