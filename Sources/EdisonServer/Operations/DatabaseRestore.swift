import EdisonCore
import EdisonSQL
import EdisonSchema
import Foundation

/// Puts a backup in the place of a database, of either kind, after it has been looked over: all of it or nothing.
package struct DatabaseRestore: Sendable {
    private let backup: DatabaseFile
    private let place: String
    /// What the database holds is given up.
    private let isForced: Bool

    package init(of path: String, to place: String, isForced: Bool) {
        backup = DatabaseFile(path: path)
        self.place = place
        self.isForced = isForced
    }

    package func run() async throws {
        guard backup.exists else { throw EdisonError(.notFound, "There is no backup \(backup.path).") }
        try await backup.requireSound()
        if let path = try Database.path(of: place) {
            try await restore(to: DatabaseFile(path: path))
        } else {
            try await restoreToServer()
        }
    }

    private func restore(to file: DatabaseFile) async throws {
        if file.exists {
            guard isForced else {
                throw EdisonError(
                    .conflict, "\(file.path) is there already.", detail: "Put the backup in its place with --force.")
            }
            if let user = file.user {
                throw EdisonError(
                    .conflict, "The process \(user) works on \(file.path).", detail: "Stop it first, then start again.")
            }
        }
        let folder = URL(fileURLWithPath: file.path).deletingLastPathComponent()
        do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
            throw EdisonError(.unavailable, "Cannot make the folder \(folder.path).", detail: SystemWords.of(error))
        }
        try await prepared(DatabaseFile(path: file.path + ".restore")) { ready in
            try await OpenedDatabase.with(ready.path) { try await requireOurs($0) }
            try await ready.replace(file)
        }
    }

    private func restoreToServer() async throws {
        let name = FileManager.default.temporaryDirectory.appendingPathComponent(
            "edison-restore-\(UUID().uuidString).db")
        try await prepared(DatabaseFile(path: name.path)) { ready in
            try await OpenedDatabase.with(ready.path) { source in
                try await requireOurs(source)
                try await Schema.migrate(source)
                try await OpenedDatabase.with(place) { destination in
                    let blank = try await Schema.blank()
                    if !isForced, try await !blank.isUnused(destination) {
                        try await Schema.requireCurrent(destination)
                    }
                    try await Schema.migrate(destination)
                    do {
                        _ = try await DatabaseCopy(
                            from: source, to: destination, blank: blank, isReplacing: isForced
                        ).run()
                    } catch var error as EdisonError where error.code == .conflict && !isForced {
                        error.detail = "Put the backup in its place with --force, or name an empty database."
                        throw error
                    }
                }
            }
        }
    }

    /// A copy of the backup, which itself stays as it is; what is left of it is taken away.
    private func prepared(_ copy: DatabaseFile, _ use: (DatabaseFile) async throws -> Void) async throws {
        copy.remove()
        defer { copy.remove() }
        try await backup.writeSnapshot(to: copy.path)
        try await use(copy)
    }

    private func requireOurs(_ database: Database) async throws {
        let missing: Int
        do { missing = try await Schema.missing(in: database).count } catch var error as EdisonError {
            error.message =
                error.message.contains(database.name)
                ? error.message.replacing(database.name, with: backup.path)
                : "\(backup.path) does not fit this program. \(error.message)"
            throw error
        }
        if missing == Schema.migrations.count {
            throw EdisonError(.invalid, "\(backup.path) is no backup of Edison: it holds nothing of it.")
        }
    }
}
