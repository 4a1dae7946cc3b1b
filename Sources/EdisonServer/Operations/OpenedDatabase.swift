import EdisonCore
import EdisonSQL

/// A database that is open for one piece of work and closed after it, however it ends.
enum OpenedDatabase {
    static func with<Value>(_ place: String, _ work: (Database) async throws -> Value) async throws -> Value {
        let database = try await Database.open(place)
        do {
            let value = try await work(database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }

    /// One that must be there: looking for it makes none.
    static func existing<Value>(_ place: String, _ work: (Database) async throws -> Value) async throws -> Value {
        if let path = try Database.path(of: place), !DatabaseFile(path: path).exists {
            throw EdisonError(.notFound, "There is no database \(path).", detail: "Name one that is there.")
        }
        return try await with(place, work)
    }
}
