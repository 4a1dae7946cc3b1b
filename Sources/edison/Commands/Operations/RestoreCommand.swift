import ArgumentParser
import EdisonSQL
import EdisonServer

/// Puts a backup in the place of the database.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Puts a backup in the place of a database, after looking it over.",
        discussion:
            "Stop what works on the database first. The key for secrets is not in a backup: put it back yourself.")

    @Argument(help: "The backup.") var file: String
    @OptionGroup var place: RunsDatabase
    @Flag(help: "Gives up what the database holds now.") var force = false

    func run() async throws {
        try place.requireSpared(by: file)
        try await DatabaseRestore(of: file, to: place.database, isForced: force).run()
        StandardOutput.line("\(Database.shownName(of: place.database)) holds what \(file) held")
        StandardError.line(
            "Stored keys of providers can be read with the key of that time: \(SecretKeyPlace.words(of: place.database))."
        )
    }
}
