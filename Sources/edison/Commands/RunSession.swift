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
    /// The database ends with the command.
    var isTemporary = false

    func refine(_ file: ExperimentFile) async throws { try await run(file, kind: .refine) }

    func run(_ file: ExperimentFile, kind: Experiment.Kind) async throws {
        FileNotes(file, kind).say()
        try options.requireWritable(sparing: file.sources)
        let view = RunView(isQuiet: options.json == "-")
        let workbench = try await Workbench.open(
            database: options.database, onCall: { view.called($0) }, onTraffic: { view.heard($0) })
        do {
            let finished = try await finish(file, kind, view, workbench)
            await workbench.close()
            try conclude(finished, file)
        } catch {
            view.end()
            await workbench.close()
            throw error
        }
    }

    private func finish(
        _ file: ExperimentFile, _ kind: Experiment.Kind, _ view: RunView, _ workbench: Workbench
    ) async throws -> ExperimentService.Finished {
        var definition = file.definition
        let hasOwnBudget = definition.stop.hasOwnBudget
        try LimitPolicy(prices: workbench.calls).apply(to: &definition)
        let estimate = CostEstimate(definition, kind: kind, prices: { workbench.calls.price(of: $0) })
        // A run that was begun was agreed to then.
        let isKnown = try await workbench.experiments.isBegun(definition, kind: kind)
        if !isKnown || options.isNew {
            let question = CostQuestion(
                estimate: estimate, other: otherMode(definition, kind, workbench), hasOwnBudget: hasOwnBudget,
                isAgreed: options.yes,
                isSilent: isDemo || options.json == "-")
            try question.ask()
        }
        view.expect(calls: estimate.calls)
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
        view.conclude()
        return finished
    }

    /// What the same file would take in the other mode: nobody should have to guess which is the cheaper one.
    private func otherMode(
        _ definition: ExperimentDefinition, _ kind: Experiment.Kind, _ workbench: Workbench
    ) -> (mode: LoopSettings.Mode, estimate: CostEstimate)? {
        guard kind == .refine else { return nil }
        var other = definition
        let mode: LoopSettings.Mode = definition.mode == .full ? .racing : .full
        other.loop.mode = mode
        return (mode, CostEstimate(other, kind: kind, prices: { workbench.calls.price(of: $0) }))
    }

    private func conclude(_ finished: ExperimentService.Finished, _ file: ExperimentFile) throws {
        try options.write(finished.result)
        if options.json != "-" {
            ResultView(
                finished.result, wasFinished: finished.wasFinished, isDemo: isDemo, failUnder: options.failUnder,
                harderCases: isDemo ? nil : harderCases(file), review: isTemporary ? nil : reviewing,
                hasTakenPart: finished.hasTakenPart, hasOwnBudget: options.maxBudget != nil
            ).print()
        }
        if let failure = finished.failure { throw failure }
        if finished.isWaiting {
            StandardError.line(
                "The run waits for a person. Go on in a terminal with: \(goingOn(file))")
            let waits = finished.result.json["versions"]?.array?.contains { $0["status"] == "candidate" } == true
            if waits { StandardError.line("Decide on what waits in all runs with: \(reviewing)") }
            throw ExitStatus.awaitsPerson
        }
        if finished.status == .paused {
            if isDemo, isTemporary {
                StandardError.line("Interrupted. The demo's database is gone; start again with: edison demo")
                throw ExitStatus.interrupted
            }
            StandardError.line("Interrupted. What is done is kept; go on with: \(goingOn(file))")
            throw ExitStatus.interrupted
        }
        let status = options.status(of: finished.result)
        if status != .done { throw status }
    }

    /// The command that looks for cases which the best version fails.
    private func harderCases(_ file: ExperimentFile) -> String? {
        guard let path = file.definition.file else { return nil }
        let place = DatabaseOption.words(options.database)
        let seed = options.seed.map { " --seed \($0)" } ?? ""
        return "edison generate \(ShortPath(path).text)\(place)\(seed)"
    }

    private var reviewing: String {
        options.database == RunOptions.defaultDatabase
            ? "edison review" : "edison review --database \(options.database)"
    }

    /// The command that finds this run again. A demo has no file, but its database finds it.
    private func goingOn(_ file: ExperimentFile) -> String {
        let place = DatabaseOption.words(options.database)
        if isDemo { return "edison demo\(place)" }
        let path = file.definition.file.map { " \(ShortPath($0).text)" } ?? ""
        return "edison resume\(path)\(place)"
    }
}
