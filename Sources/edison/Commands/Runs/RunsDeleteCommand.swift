import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonServer
import Foundation

/// Removes a run and all that belongs to it.
struct RunsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Removes a run with its prompts, cases, outputs, judgments, calls and events; asks first.")

    @OptionGroup var chosen: ChosenRun
    @Flag(help: "Does not ask before deleting.") var yes = false

    func run() async throws {
        try await chosen.open { workbench, run in
            if !yes { try confirm(run) }
            let gone = try await workbench.experiments.delete(run)
            StandardOutput.line(
                "Deleted \(run.title): \(gone.outputs) outputs, \(gone.judgments) judgments, \(gone.calls) calls.")
        }
    }

    private func confirm(_ run: StoredRun) throws {
        guard isatty(0) == 1, StandardError.isTerminal else {
            throw EdisonError(
                .invalid, "Deleting cannot be undone, and nobody is there to confirm it.", detail: "Add --yes.")
        }
        let production = run.production.map { " Its version \($0) is in production." } ?? ""
        StandardError.write(TerminalText.safe("Delete \(run.title) for good?\(production) [y/N] "))
        guard try TerminalInput.line()?.lowercased().hasPrefix("y") == true else {
            StandardError.line("Nothing was deleted.")
            throw ExitStatus.usage
        }
    }
}
