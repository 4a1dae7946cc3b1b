import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonServer
import Foundation

/// Writes the file of a run for another one.
struct RunsDuplicateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicate", abstract: "Writes the experiment file of a run's definition, for a new run.")

    @OptionGroup var chosen: ChosenRun
    @Option(help: "Where to write the experiment file; the cases go beside it.") var output: String
    @Flag(help: "Overwrites files that exist.") var force = false

    func run() async throws {
        let target = URL(fileURLWithPath: output)
        let casesFile = target.deletingPathExtension().appendingPathExtension("cases.jsonl").lastPathComponent
        let file = try await chosen.open { try await $0.experiments.duplicate($1, casesFile: casesFile) }
        let folder = target.deletingLastPathComponent()
        let files = file.cases.map { (folder.appendingPathComponent($0.name), $0.text) } + [(target, file.text)]
        for (url, _) in files where !force && FileManager.default.fileExists(atPath: url.path) {
            throw EdisonError(
                .conflict, "\(url.lastPathComponent) exists.",
                detail: "Choose another --output, or overwrite it with --force.")
        }
        for (url, _) in files { try chosen.place.requireSpared(by: url.path) }
        for (url, text) in files { try OutputFile(url.path).write(text) }
        StandardOutput.line("Wrote \(files.reversed().map(\.0.lastPathComponent).joined(separator: ", ")).")
        for gap in file.gaps { StandardOutput.line("To fill in under providers: \(gap).") }
        StandardOutput.line("Read it and change what is to be another, then: edison refine \(target.relativePath)")
    }
}
