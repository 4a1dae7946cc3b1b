import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonServer
import Foundation

/// Goes on with a run that was interrupted, waits for a person, or stopped at a limit that the file has raised.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Goes on with an unfinished run: of the file, or the newest one.")

    @Argument(help: "The experiment file; without it the newest unfinished run.") var file: String?
    @OptionGroup var options: RunOptions

    func run() async throws {
        let run = try await unfinished()
        var overrides = options.overrides
        // The seed is part of what the run is, wherever it was given.
        overrides.seed = overrides.seed ?? run.seed
        let read = try ExperimentFile.read(
            path: run.file, environment: ProcessInfo.processInfo.environment, overrides: overrides, purpose: run.kind)
        try await RunSession(options: options).run(read, kind: run.kind)
    }

    private func unfinished() async throws -> (file: String, kind: Experiment.Kind, seed: UInt64?) {
        let workbench = try await Workbench.open(database: options.database)
        let wanted = file.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        let found = try await workbench.experiments.unfinished(file: wanted)
        await workbench.close()
        if let found { return (found.file, found.kind, found.seed) }
        if let file { return (file, .refine, nil) }
        throw EdisonError(
            .notFound, "No unfinished run is in \(options.database).", detail: "Start one with: edison refine FILE")
    }
}
