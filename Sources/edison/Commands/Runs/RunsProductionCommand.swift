import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonServer

/// Says which version is in use.
struct RunsProductionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "production",
        abstract: "Marks the version that a run recommends as the one in production for its prompt.",
        discussion: "Runs of the same name are about one prompt, and one version of it is in production.")

    @OptionGroup var chosen: ChosenRun

    func run() async throws {
        try await chosen.open { workbench, run in
            let number = try await workbench.experiments.markProduction(run)
            StandardOutput.line("Version \(number) of \(run.title) is in production.")
            if try await workbench.experiments.result(of: run)?.verdict == .insufficientData {
                StandardError.line("note: it was not proven on held-out cases.")
            }
        }
    }
}
