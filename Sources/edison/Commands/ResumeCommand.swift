import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonSQL
import EdisonServer
import Foundation

/// Goes on with a run that was interrupted, waits for a person, or stopped at a limit that the file has raised.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Goes on with an unfinished run: of the file, or the newest one.")

    @Argument(help: "The experiment file, or the beginning of a run's id; without it the newest unfinished run.")
    var file: String?
    @OptionGroup var options: RunOptions

    func run() async throws {
        let isServer = options.database.contains("://")
        if file == nil, !isServer, !FileManager.default.fileExists(atPath: options.databaseFile) {
            throw EdisonError(
                .notFound, "There is no database \(options.databaseFile), so there is no run to go on with.",
                detail: "Start one with: edison refine FILE")
        }
        let workbench = try await Workbench.open(database: options.database)
        let runs: [ExperimentCatalog.Unfinished]
        do { runs = try await unfinished(workbench) } catch {
            await workbench.close()
            throw error
        }
        await workbench.close()
        guard let newest = runs.first else { return try await showFinished() }
        // A file that was changed, and changed back, has the run of before, whatever was begun in between.
        var run = newest
        var read = try self.read(newest)
        if !workbench.experiments.isSame(read.definition, as: newest) {
            let earlier = runs.dropFirst().lazy.filter { $0.file == newest.file }.compactMap { run in
                (try? self.read(run)).flatMap { read in
                    workbench.experiments.isSame(read.definition, as: run) ? (run, read) : nil
                }
            }.first
            guard let earlier else {
                throw EdisonError(
                    .conflict, "\(newest.file) is not what it was when the run began, so the run cannot go on.",
                    detail: "Undo the change (limits may be raised), or begin a new run with: "
                        + "edison \(newest.kind.rawValue) \(newest.file)")
            }
            (run, read) = earlier
        }
        try await RunSession(options: options).run(read, kind: run.kind)
    }

    private func read(_ run: ExperimentCatalog.Unfinished) throws -> ExperimentFile {
        var overrides = options.overrides
        // The seed is part of what the run is, wherever it was given.
        overrides.seed = overrides.seed ?? run.seed
        return try ExperimentFile.read(
            path: run.file, environment: ProcessInfo.processInfo.environment, overrides: overrides, purpose: run.kind)
    }

    private func unfinished(_ workbench: Workbench) async throws -> [ExperimentCatalog.Unfinished] {
        let wanted = file.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        guard let file, !FileManager.default.fileExists(atPath: file) else {
            return try await workbench.experiments.unfinished(file: wanted)
        }
        let unfinished = try await workbench.experiments.unfinished(file: wanted)
        if !unfinished.isEmpty { return unfinished }
        let run = try await workbench.experiments.run(file, file: wanted)
        guard let unfinished = try await workbench.experiments.unfinished(run) else {
            let advice = run.file == nil ? "It has no file to go on with." : "See it: edison runs show \(file)"
            throw EdisonError(
                .conflict, "This run is \(run.experiment.status.rawValue) and has nothing to go on with.",
                detail: advice)
        }
        return [unfinished]
    }

    /// A named file without an unfinished run: the result of a finished one is shown.
    private func showFinished() async throws {
        guard let file else {
            throw EdisonError(
                .notFound, "No unfinished run is in \(Database.shownName(of: options.database)).",
                detail: "Start one with: edison refine FILE")
        }
        var fault: (any Error)?
        for kind in [Experiment.Kind.refine, .eval] {
            let read: ExperimentFile
            do {
                read = try ExperimentFile.read(
                    path: file, environment: ProcessInfo.processInfo.environment, overrides: options.overrides,
                    purpose: kind)
            } catch {
                // A file that is only for evaluations has nothing to refine with.
                fault = fault ?? error
                continue
            }
            let workbench = try await Workbench.open(database: options.database)
            let isKnown = try await workbench.experiments.isBegun(read.definition, kind: kind)
            await workbench.close()
            if isKnown { return try await RunSession(options: options).run(read, kind: kind) }
        }
        if let fault { throw fault }
        throw EdisonError(
            .notFound,
            "No unfinished run of \(file) is in \(Database.shownName(of: options.database)), as the file is now.",
            detail: "Begin one with: edison refine \(file)")
    }
}
