import EdisonCore
import EdisonSQL
import EdisonSchema
import Foundation

/// A backup: everything that a database holds at one moment, as one SQLite file, taken while others work on it. It can
/// be opened like any other database, whichever kind it was taken from. The key for secrets is never in it.
package struct DatabaseBackup: Sendable {
    private let place: String

    package init(of place: String) { self.place = place }

    /// Writes the file whole or not at all.
    package func write(to path: String) async throws {
        let part = DatabaseFile(path: path + ".part")
        // Left by one that was killed.
        part.remove()
        do {
            try await writePart(part)
            try await part.requireSound()
            try await part.replace(DatabaseFile(path: path))
        } catch {
            part.remove()
            throw error
        }
    }

    private func writePart(_ part: DatabaseFile) async throws {
        if let path = try Database.path(of: place) {
            let file = DatabaseFile(path: path)
            guard file.exists else {
                throw EdisonError(.notFound, "There is no database \(path).", detail: "Name it with --database.")
            }
            return try await file.writeSnapshot(to: part.path)
        }
        let copy = DatabaseFile(path: part.path + "-copy")
        copy.remove()
        defer { copy.remove() }
        try await OpenedDatabase.with(place) { source in
            try await Schema.requireCurrent(source)
            try await OpenedDatabase.with(copy.path) { destination in
                try await Schema.migrate(destination)
                _ = try await DatabaseCopy(
                    from: source, to: destination, blank: try await Schema.blank(), isReplacing: true
                ).run()
            }
        }
        // Without a log, so that it can be read where nothing can be written.
        try await copy.writeSnapshot(to: part.path)
    }
}
