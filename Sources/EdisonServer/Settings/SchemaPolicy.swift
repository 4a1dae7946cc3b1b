import EdisonCore
import EdisonSQL
import EdisonSchema

/// What happens to a database that lacks steps of the schema.
package enum SchemaPolicy: Sendable, Hashable {
    case migrate, refuse
    /// SQLite is this program's alone; others may be working on a server, with another version.
    case migrateWhenAlone

    init(_ setting: Bool?) { self = setting.map { $0 ? .migrate : .refuse } ?? .migrateWhenAlone }

    /// - Parameter place: how the database was named, for the words.
    func apply(to database: Database, named place: String) async throws {
        if self == .migrate || self == .migrateWhenAlone && !database.isServer {
            return try await Schema.migrate(database)
        }
        let missing = try await Schema.missing(in: database).count
        if missing == 0 { return }
        throw EdisonError(
            .conflict, "\(database.name) lacks \(missing == 1 ? "a step" : "\(missing) steps") of the schema.",
            detail:
                "Bring it up to date: edison migrate --database \(Database.shownName(of: place)), or start with --migrate."
        )
    }
}
