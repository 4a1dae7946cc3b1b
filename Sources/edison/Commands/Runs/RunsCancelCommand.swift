import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonServer

/// Ends a run for good that is paused or was left unfinished.
struct RunsCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Ends an unfinished run for good; what it found by then stays.")

    @OptionGroup var chosen: ChosenRun
    @OptionGroup var elsewhere: ServerOptions

    func run() async throws {
        if let client = try elsewhere.client(database: chosen.place.database) {
            return try await ServerRuns.use(client, elsewhere) { try await $0.cancel(chosen.run) }
        }
        try await chosen.open { workbench, run in
            try await workbench.experiments.cancel(run)
            let hasResult = try await workbench.experiments.result(of: run) != nil
            let rest = hasResult ? " What it found stays: edison runs show \(run.experiment.id)" : ""
            StandardOutput.line("Cancelled \(run.title).\(rest)")
        }
    }
}
