import EdisonCore
package import EdisonSQL
import EdisonSchema
import Foundation
import Synchronization
import Testing

/// The two databases, as the arguments of a test: `@Test(arguments: TestDatabase.allCases)`.
///
/// Each case of a test gets a database of its own that is removed afterwards: for SQLite a temporary folder, for
/// PostgreSQL a schema of the server that `EDISON_TEST_POSTGRES` names (`bin/test` starts one). Without that variable
/// the PostgreSQL cases are cancelled, each by name; with it they fail when the server cannot be reached.
package enum TestDatabase: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgres

    package var testDescription: String { self == .sqlite ? "SQLite" : "PostgreSQL" }

    private static var server: String? {
        ProcessInfo.processInfo.environment["EDISON_TEST_POSTGRES"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Runs `use` on an empty database that has the product's schema.
    package func migrated(_ use: (Database) async throws -> Void) async throws {
        try await empty { database in
            try await Self.migrate(database)
            try await use(database)
        }
    }

    /// Gives a database that `place` led to the product's schema.
    package static func migrate(_ database: Database) async throws { try await Schema.migrate(database) }

    /// As a build left it whose last migration had this number.
    package static func migrate(_ database: Database, through number: Int) async throws {
        try await Migrator(Schema.migrations.filter { $0.number <= number }).migrate(database)
    }

    /// Runs `use` on a database without any table.
    package func empty(_ use: (Database) async throws -> Void) async throws {
        try await place { place in
            let database = try await Database.open(place)
            try await Self.always({ try await use(database) }, finally: { await database.close() })
        }
    }

    /// Runs `use` with the place of a database without any table, to be opened as often as there are processes to
    /// play; who opens it closes it.
    package func place(_ use: (String) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory
                .appendingPathComponent("edison-test-\(UUID().uuidString)", isDirectory: true)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try await use(folder.appendingPathComponent("edison.db").path)
        case .postgres:
            guard let server = Self.server else { return try Self.skip() }
            try await PostgresSlots.shared.holding { try await Self.schema(on: server, use) }
        }
    }

    private static func schema(on server: String, _ use: (String) async throws -> Void) async throws {
        let name = "edison_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        let admin = try await Database.open(server)
        try await always {
            try await admin.write { db in try db.execute(SQL(stringLiteral: "CREATE SCHEMA \(name)")) }
            try await use(try place(of: name, on: server))
        } finally: {
            _ = try? await admin.write { db in try db.execute(SQL(stringLiteral: "DROP SCHEMA \(name) CASCADE")) }
            await admin.close()
        }
    }

    /// The server's address, with the schema as the only place where names are looked up and made.
    private static func place(of schema: String, on server: String) throws -> String {
        guard var parts = URLComponents(string: server) else {
            throw EdisonError(.invalid, "EDISON_TEST_POSTGRES is not a postgres:// address.")
        }
        // libpq takes no second "=" inside a parameter.
        let option = URLQueryItem(name: "options", value: "-csearch_path%3D\(schema)")
        parts.percentEncodedQueryItems = (parts.percentEncodedQueryItems ?? []) + [option]
        return parts.string ?? server
    }

    /// The test run says nothing about a cancelled case, so this does: a line for each, and their number at the end.
    private static func skip() throws {
        let reason = "EDISON_TEST_POSTGRES is not set; bin/test starts a server and sets it."
        let test = Test.current?.displayName ?? Test.current?.name ?? "unnamed"
        print("➜ Test \"\(test)\" on PostgreSQL skipped: \(reason)")
        let isFirst = skipped.withLock { count in
            count += 1
            return count == 1
        }
        if isFirst {
            atexit { print("➜ \(TestDatabase.skipped.withLock(\.self)) test cases on PostgreSQL were skipped.") }
        }
        #if compiler(>=6.3)
            try Test.cancel("\(reason)")
        #endif
    }

    private static let skipped = Mutex(0)

    /// Cleans up, whether the work threw or not.
    static func always(_ work: () async throws -> Void, finally cleanUp: () async -> Void) async throws {
        do { try await work() } catch {
            await cleanUp()
            throw error
        }
        await cleanUp()
    }
}

/// Tests run side by side, and a server takes a limited number of sessions: at most eight schemas are in use at once.
private actor PostgresSlots {
    static let shared = PostgresSlots()
    /// A test that opens a second database inside the first must not wait for itself.
    @TaskLocal static var isHeld = false

    private var free = 8
    private var waiting: [CheckedContinuation<Void, Never>] = []

    nonisolated func holding(_ work: () async throws -> Void) async throws {
        if Self.isHeld { return try await work() }
        await take()
        try await TestDatabase.always {
            try await Self.$isHeld.withValue(true) { try await work() }
        } finally: {
            await give()
        }
    }

    private func take() async {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
    }

    private func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
