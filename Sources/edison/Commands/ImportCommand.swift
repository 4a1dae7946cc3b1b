import ArgumentParser
import EdisonCore
import EdisonExperiments
import Foundation

/// Turns what a person has elsewhere into an experiment file, and says what was lost on the way.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes an experiment file of a promptfoo configuration, cases, or a prompt in Python code.")

    @Argument(help: "promptfoo, jsonl or python-prompt.") var format: Importer.Format
    @Argument(help: "The file to read.") var file: String
    @Option(help: "Where to write the experiment file; the cases go beside it.") var output = "experiment.yaml"
    @Option(help: "The name of the variable that holds the prompt (python-prompt).") var name: String?
    @Flag(help: "Overwrites files that exist.") var force = false

    func run() throws {
        let target = URL(fileURLWithPath: output)
        let casesFile = target.deletingPathExtension().appendingPathExtension("cases.jsonl")
        for url in [target, casesFile] where !force && FileManager.default.fileExists(atPath: url.path) {
            throw EdisonError(
                .conflict, "\(url.lastPathComponent) exists.",
                detail: "Choose another --output, or overwrite it with --force.")
        }
        let source = URL(fileURLWithPath: file)
        let imported = try Importer.read(
            file: source, format: format, variable: name, casesFile: casesFile.lastPathComponent)
        try OutputFile(casesFile.path).write(imported.cases)
        try OutputFile(target.path).write(imported.file)
        StandardOutput.line(
            "Wrote \(target.relativePath) and \(casesFile.lastPathComponent) (\(imported.count) cases).")
        for loss in imported.losses { StandardOutput.line("lost: \(loss)") }
        if imported.losses.isEmpty { StandardOutput.line("Nothing was lost.") }
        StandardOutput.line("Next: read it, then: edison eval \(target.relativePath)")
    }
}

extension Importer.Format: ExpressibleByArgument {}
