import EdisonCore
package import EdisonSQL
import Foundation

extension Schema {
    /// The tables of this program's schema as a database has them, and what the migrations alone write into them.
    package static func blank() async throws -> BlankDatabase {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent(
            "edison-blank-\(UUID().uuidString).db")
        defer { DatabaseFile(path: place.path).remove() }
        let database = try await Database.open(place.path)
        do {
            try await migrate(database)
            let blank = try await BlankDatabase(of: database)
            await database.close()
            return blank
        } catch {
            await database.close()
            throw error
        }
    }

    /// Refuses a database that lacks steps of the schema; nothing is changed.
    package static func requireCurrent(_ database: Database) async throws {
        let missing = try await missing(in: database)
        if missing.isEmpty { return }
        throw EdisonError(
            .conflict,
            missing.count == migrations.count
                ? "\(database.name) holds nothing of Edison yet."
                : "\(database.name) lacks \(missing.count) of the schema's steps.",
            detail: "Bring it up to date first: edison migrate --database \(database.name)")
    }
}
