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
        let isServer = options.database.contains("://")
        if file == nil, !isServer, !FileManager.default.fileExists(atPath: options.databaseFile) {
            throw EdisonError(
                .notFound, "There is no database \(options.databaseFile), so there is no run to go on with.",
                detail: "Start one with: edison refine FILE")
        }
        let workbench = try await Workbench.open(database: options.database)
        let wanted = file.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        let run = try await workbench.experiments.unfinished(file: wanted)
        await workbench.close()
        guard let run else { return try await startAnew() }
        var overrides = options.overrides
        // The seed is part of what the run is, wherever it was given.
        overrides.seed = overrides.seed ?? run.seed
        let read = try ExperimentFile.read(
            path: run.file, environment: ProcessInfo.processInfo.environment, overrides: overrides, purpose: run.kind)
        guard workbench.experiments.isSame(read.definition, as: run) else {
            throw EdisonError(
                .conflict, "\(run.file) is not what it was when the run began, so the run cannot go on.",
                detail: "Undo the change (limits may be raised), or begin a new run with: "
                    + "edison \(run.kind.rawValue) \(run.file)")
        }
        try await RunSession(options: options).run(read, kind: run.kind)
    }

    /// A named file without an unfinished run is begun, or shown when it is finished.
    private func startAnew() async throws {
        guard let file else {
            throw EdisonError(
                .notFound, "No unfinished run is in \(options.database).", detail: "Start one with: edison refine FILE")
        }
        let read = try ExperimentFile.read(
            path: file, environment: ProcessInfo.processInfo.environment, overrides: options.overrides, purpose: .refine
        )
        try await RunSession(options: options).run(read, kind: .refine)
    }
}
