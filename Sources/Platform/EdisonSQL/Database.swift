import EdisonCore

/// A database of either kind: transactions for reading and for writing, all but glances run off the cooperative threads.
package struct Database: Sendable {
    private let driver: any DatabaseDriver
    let board: NoticeBoard

    /// How the place was named, without password: for messages.
    package let name: String

    init(driver: any DatabaseDriver, name: String) {
        self.driver = driver
        self.name = name
        board = NoticeBoard { driver.watch($0) }
    }

    /// Opens `sqlite:PATH`, a bare path, or `postgres://…`; a SQLite file and its folder are made when absent.
    package static func open(_ place: String) async throws -> Database {
        guard let path = try path(of: place) else {
            return Database(driver: try await PostgresDriver.open(place), name: PostgresDriver.shownName(place))
        }
        return Database(driver: try SQLiteDriver(path: path), name: path)
    }

    /// The SQLite file that a place names; nil for a server.
    package static func path(of place: String) throws -> String? {
        if place.hasPrefix("postgres://") || place.hasPrefix("postgresql://") { return nil }
        let path = place.hasPrefix("sqlite:") ? String(place.dropFirst(7)) : place
        // `sqlite:///file` is a file of the root folder; with two slashes the first name would be taken for a host.
        let namesHost = path.hasPrefix("//") && !path.hasPrefix("///")
        guard !path.isEmpty, !path.contains("://"), !namesHost else {
            throw EdisonError(
                .invalid, "\"\(path)\" is not a database.",
                detail: "Name a file, sqlite:FILE or postgres://USER@HOST/NAME with --database.")
        }
        return path
    }

    /// Whether it may be shared with programs on other machines: then somebody decides when it is migrated.
    package var isServer: Bool { dialect == .postgres }

    /// The place as it may stand in a message: without a password.
    package static func shownName(of place: String) -> String {
        let isServer = place.hasPrefix("postgres://") || place.hasPrefix("postgresql://")
        return isServer ? PostgresDriver.shownName(place) : place
    }

    package var dialect: Dialect { driver.dialect }

    /// One consistent view; writes inside it fail.
    package func read<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await driver.read(work)
    }

    /// The same for a few rows that are found by their keys: on the caller's own thread where the database is a file, since
    /// handing the work to another thread and back takes several times as long as the reading.
    package func glance<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await driver.glance(work)
    }

    /// One transaction: all of it happens or, when the closure throws, nothing. The closure may run again after a
    /// conflict with another process, so it must not change anything but the database.
    ///
    /// A cancelled task starts no transaction, but one that has started is not interrupted.
    @discardableResult
    package func write<Value: Sendable>(
        _ isolation: Isolation = .committed,
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let value = try await driver.write(isolation, announcing(work))
        #if DEBUG
            CrashPoint.committed()
        #endif
        return value
    }

    /// Takes a name for this process alone; nil while another one that lives has it.
    package func claim(_ name: String) async throws -> ExclusiveClaim? {
        try await driver.claim(name).map(ExclusiveClaim.init)
    }

    /// How much its sessions have to do just now.
    package func load() async -> DatabaseLoad { await driver.load() }

    package func close() async {
        board.close()
        await driver.close()
    }
}

/// What a transaction sees of others that write at the same time. SQLite has one writer, so there it is always serial.
package enum Isolation: Sendable {
    /// A statement sees what was committed before it began. What is read in order to change it must be locked
    /// (`Dialect.lockRows`), or be repeated in the `WHERE` of the change.
    case committed
    /// As if one transaction ran after the other, for decisions over rows that cannot be locked. Costs repetitions
    /// when many processes touch the same rows.
    case serial
}

/// What a kind of database must be able to do.
protocol DatabaseDriver: Sendable {
    var dialect: Dialect { get }

    func read<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value

    /// For what takes microseconds: where it can, without another thread.
    func glance<Value: Sendable>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value

    func write<Value: Sendable>(
        _ isolation: Isolation, _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) async throws -> Value

    func claim(_ name: String) async throws -> (any ClaimHolder)?

    /// Tells of what was stored by any process, until it is stopped.
    func watch(_ tell: @escaping @Sendable (Rumour) -> Void) -> any NoticeSource

    func load() async -> DatabaseLoad

    func close() async
}
