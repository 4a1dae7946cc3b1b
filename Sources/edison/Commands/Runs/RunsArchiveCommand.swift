import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonServer

/// Hides a run.
struct RunsArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Hides an ended run from the list; the same file then begins another run.")

    @OptionGroup var chosen: ChosenRun

    func run() async throws {
        try await chosen.open { workbench, run in
            try await workbench.experiments.archive(run)
            StandardOutput.line("Archived \(run.title). It is listed with: edison runs --all")
        }
    }
}
