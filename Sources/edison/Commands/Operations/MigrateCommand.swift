import ArgumentParser
import EdisonCore
import EdisonSQL
import EdisonSchema

/// Brings a database to the schema of this program.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Brings the database up to the schema of this program.",
        discussion:
            "Other commands do it by themselves; edison serve does it on SQLite, and elsewhere when it is told to.")

    @OptionGroup var place: RunsDatabase
    @Flag(help: "Changes nothing, and ends with status 1 when steps are missing.") var check = false

    func run() async throws {
        if check { try place.requirePresent() }
        let database = try await Database.open(place.database)
        do {
            try await run(database)
            await database.close()
        } catch {
            await database.close()
            throw error
        }
    }

    private func run(_ database: Database) async throws {
        let missing = try await Schema.missing(in: database)
        guard !missing.isEmpty else { return StandardOutput.line("\(database.name) is up to date") }
        if !check { try await Schema.migrate(database) }
        StandardOutput.line(
            "\(database.name): \(Figures.count(missing.count, "step")) \(check ? "missing" : "done"): "
                + missing.map { "\($0.number) \($0.name)" }.joined(separator: ", "))
        if check { throw ExitStatus.belowBar }
    }
}
