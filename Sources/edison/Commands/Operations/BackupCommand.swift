import ArgumentParser
import EdisonCore
import EdisonServer
import Foundation

/// Writes everything that the database holds into one file.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Writes the whole database into one file, while others work on it.",
        discussion: """
            The file is a SQLite database, whichever kind it was taken from. The key for secrets is not in it: without \
            that key, stored keys of providers must be entered anew after a restore.
            """)

    @Argument(help: "The file to write.") var file: String
    @OptionGroup var place: RunsDatabase
    @Flag(help: "Overwrites a file that exists.") var force = false

    func run() async throws {
        try place.requireSpared(by: file)
        let output = OutputFile(file)
        guard !output.isDevice else {
            throw EdisonError(.invalid, "Cannot write \(file).", detail: "it is no file; name one")
        }
        if !force, FileManager.default.fileExists(atPath: file) {
            throw EdisonError(
                .conflict, "\(file) exists already.", detail: "Name another one, or overwrite it with --force.")
        }
        try output.requireWritable()
        try await DatabaseBackup(of: place.database).write(to: file)
        let size = (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? NSNumber)?.intValue ?? 0
        StandardOutput.line("\(file): \(Figures.bytes(size)), whole and sound")
        StandardError.line(
            "The key for secrets is not in it. Keep that too, in another place than this file: \(SecretKeyPlace.words(of: place.database))."
        )
    }
}
