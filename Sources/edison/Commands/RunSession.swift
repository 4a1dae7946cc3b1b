import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonServer
import Foundation

/// One run from a file to its result: announce, run with progress, write, show, and end with the right status.
struct RunSession {
    let options: RunOptions
    var isDemo = false

    func refine(_ file: ExperimentFile) async throws { try await run(file, kind: .refine) }

    func run(_ file: ExperimentFile, kind: Experiment.Kind) async throws {
        let view = RunView(isQuiet: options.json == "-")
        for row in file.rejectedRows { StandardError.line("left out: \(row)") }
        for warning in file.warnings { StandardError.line("note: \(warning)") }
        let workbench = try await Workbench.open(database: options.database, onCall: { view.called($0) })
        var definition = file.definition
        if let drafting = file.drafting { definition = try await draft(definition, drafting, workbench) }
        try LimitPolicy(prices: workbench.calls).apply(to: &definition)
        try confirm(definition, workbench)
        let reviewer: any Reviewer =
            definition.review == .automatic ? NoReviewer() : TerminalReviewer.ifPossible(view: view)
        let complete = definition
        let finished = try await InterruptHandler.run {
            switch kind {
            case .refine:
                try await workbench.experiments.refine(
                    complete, start: options.start, reviewer: reviewer, report: { view.show($0) })
            case .eval:
                try await workbench.experiments.evaluate(
                    complete, start: options.start, report: { view.show($0) })
            }
        }
        view.end()
        await workbench.close()
        try options.write(finished.result)
        if options.json != "-" { ResultView(finished.result, wasFinished: finished.wasFinished).print() }
        try leave(finished)
    }

    /// Lets the refiner's model, or the first one, write what the file leaves open.
    private func draft(
        _ definition: ExperimentDefinition, _ request: DraftingRequest, _ workbench: Workbench
    ) async throws -> ExperimentDefinition {
        guard let model = definition.refiner ?? definition.models.first else { return definition }
        StandardError.line("Drafting what the file leaves open with \(model.reference.model) …")
        return try await Drafting(calls: workbench.calls, model: model).complete(definition, request)
    }

    private func leave(_ finished: ExperimentService.Finished) throws {
        if finished.isWaiting {
            StandardError.line("The run waits for a person. Go on in a terminal with: edison resume")
            throw ExitStatus.awaitsPerson
        }
        if finished.status == .paused {
            StandardError.line("Interrupted. What is done is kept; go on with: edison resume")
            throw ExitStatus.interrupted
        }
        let status = options.status(of: finished.result)
        if status != .done { throw status }
    }

    /// Above half a dollar a person is asked; where there is none to ask, a budget in the file or --yes must say so.
    private func confirm(_ definition: ExperimentDefinition, _ workbench: Workbench) throws {
        let estimate = CostEstimate(definition, prices: { workbench.calls.price(of: $0) })
        if !isDemo { StandardError.line(estimate.sentence) }
        guard let expected = estimate.expected, expected > Money(nanodollars: 500_000_000), !options.yes else { return }
        guard isatty(0) == 1, StandardError.isTerminal else {
            if definition.stop.hasOwnBudget { return }
            throw EdisonError(
                .invalid, "The run is expected to cost \(expected.shortText), and nobody is there to confirm it.",
                detail: "Add --yes, --max-budget USD, or stop: { max_budget_usd: … } to the file.")
        }
        StandardError.write("Go on? [y/N] ")
        guard readLine()?.lowercased().hasPrefix("y") == true else { throw ExitStatus.usage }
    }
}
