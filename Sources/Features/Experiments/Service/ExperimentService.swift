package import EdisonCore
import EdisonDatasets
import EdisonEvaluation
package import EdisonEvents
package import EdisonJobs
package import EdisonLLM
import EdisonPrompts
package import EdisonSQL

/// Starts runs, goes on with them, and ends them with a result.
package struct ExperimentService: Sendable {
    let database: Database
    let calls: ModelCalls
    let project: String
    /// What happens in the runs, for whoever follows them.
    package let events: EventLog
    let queue: JobQueue

    /// - Parameters:
    ///   - events: nil = a log of its own, which followers of another one do not hear of at once.
    ///   - queue: nil = one of its own.
    package init(
        database: Database, calls: ModelCalls, project: String, events: EventLog? = nil, queue: JobQueue? = nil
    ) {
        self.database = database
        self.calls = calls
        self.events = events ?? EventLog(database: database)
        self.queue = queue ?? JobQueue(database: database)
        self.project = project
    }

    /// How a run begins.
    package enum Start: Sendable, Hashable {
        /// The unfinished run of the same file, or a new one; a finished one shows its result.
        case continueOrNew
        case new
    }

    package struct Finished: Sendable {
        package let result: RunResult
        package let status: ExperimentStatus
        /// True: the run had ended before, and nothing was asked for.
        package let wasFinished: Bool
        /// Another process led the run to its end, and this one did a part of the work.
        package var hasTakenPart = false
        package let isWaiting: Bool
        /// What ended the run before its time; the result holds what there was by then.
        package let failure: EdisonError?
    }

    package func refine(
        _ definition: ExperimentDefinition, start: Start, reviewer: any Reviewer,
        report: @escaping @Sendable (RunEvent) -> Void
    ) async throws -> Finished {
        try definition.requireEnoughToRefine()
        return try await perform(definition, kind: .refine, start: start, reviewer: reviewer, report: report) {
            context in
            try await RefinementLoop(context).run()
        }
    }

    /// Whether this file has a run already: then what it costs was agreed to when it began.
    package func isBegun(_ definition: ExperimentDefinition, kind: Experiment.Kind) async throws -> Bool {
        let asked = kind == .eval ? definition.forEvaluation : definition
        return try await ExperimentCatalog(database: database, project: project).isKnown(asked.identity(kind: kind))
    }

    /// Whether the definition is still that of the run: `resume` must not begin another one.
    package func isSame(_ definition: ExperimentDefinition, as run: ExperimentCatalog.Unfinished) -> Bool {
        let asked = run.kind == .eval ? definition.forEvaluation : definition
        return asked.identity(kind: run.kind) == run.identity
    }

    /// The runs that are not finished, newest first: of this file, or of any.
    package func unfinished(file: String?) async throws -> [ExperimentCatalog.Unfinished] {
        try await ExperimentCatalog(database: database, project: project).unfinished(file: file)
    }

    /// This run, if it can go on; fails when a newer run of the same definition stands before it.
    package func unfinished(_ run: StoredRun) async throws -> ExperimentCatalog.Unfinished? {
        let catalog = ExperimentCatalog(database: database, project: project)
        let newest = try await catalog.find(run.experiment.identity)?.experiment.id
        if let newest, newest != run.experiment.id {
            throw EdisonError(
                .conflict, "A newer run of the same file stands before this one: \(newest)",
                detail: "End it and put it away first: edison runs cancel, then edison runs archive \(newest)")
        }
        return try await catalog.unfinished(file: nil, run: run.experiment.id).first
    }

    /// Finds or makes the run, does what is left of it, and ends it with a result whatever happens.
    func perform(
        _ definition: ExperimentDefinition, kind: Experiment.Kind, start: Start, reviewer: any Reviewer,
        report: @escaping @Sendable (RunEvent) -> Void,
        work: @escaping @Sendable (RunContext) async throws -> RunOutcome
    ) async throws -> Finished {
        let catalog = ExperimentCatalog(database: database, project: project)
        let preparation = RunPreparation(
            catalog: catalog, calls: calls, database: database, events: events, queue: queue, reviewer: reviewer,
            report: report)
        // Held until the end: one process leads a run, the others take part in it.
        let (claim, hasTakenPart) = try await JoinedRun(
            preparation: preparation, definition: definition, kind: kind, project: project
        ).lead(isNew: start == .new)
        defer { claim.release() }
        let found = try await catalog.findOrCreate(definition, kind: kind, start: start)
        if found.experiment.status == .cancelled {
            throw EdisonError(
                .conflict, "The run of this file was cancelled, and that is for good.",
                detail: "Begin another with --new, or see what it found: edison runs show \(found.experiment.id)")
        }
        // Who took part in a run has its end: to go on with higher limits is for the next start.
        if let result = hasTakenPart ? found.endedResult : found.finishedResult(limits: definition.stop) {
            return Finished(
                result: result, status: found.experiment.status, wasFinished: true, hasTakenPart: hasTakenPart,
                isWaiting: false, failure: nil)
        }
        try await calls.recover(scope: found.experiment.id.text)
        try await calls.recallAnswers(scope: found.experiment.id.text)
        try await settleJobs(of: found.experiment.id)
        let clock = SittingClock(before: found.elapsed)
        let context = try await preparation.context(found, definition, clock, hasTakenPart: hasTakenPart)
        return try await run(context, leading: claim, clock, work)
    }

    /// What a leader before left in the queue is not what this one asks for; what others still run is awaited.
    func settleJobs(of experiment: Experiment.ID) async throws {
        while try await queue.cancelWaiting(of: experiment.text) > 0 {
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Waits while another process works on the same thing: it may finish it, or die and leave the rest to this one.
    func claim(named name: String, onWait: @Sendable () -> Void) async throws -> ExclusiveClaim {
        var isWaiting = false
        while true {
            if let claim = try await database.claim(name) { return claim }
            if !isWaiting { onWait() }
            isWaiting = true
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func run(
        _ context: RunContext, leading claim: ExclusiveClaim, _ clock: SittingClock,
        _ work: @escaping @Sendable (RunContext) async throws -> RunOutcome
    ) async throws -> Finished {
        let end = RunEnd(context: context, calls: calls, clock: clock)
        try await context.store.move(to: .running)
        do {
            let lead = Lead(claim) { try? await context.store.note(active: clock.elapsed) }
            let outcome = try await lead.during {
                try await context.shared.working { try await work(context) }
            }
            try await queue.remove(of: context.experiment.text)
            let isEmpty = outcome.stopReason == .errors
            return try await end.close(outcome, status: isEmpty ? .failed : .completed, reason: outcome.stopReason)
        } catch is LostLead {
            // Another process may lead by now: what this one would write is not its to say.
            throw EdisonError(
                .unavailable, "The connection to the database was lost, and with it the lead of this run.",
                detail: "What is stored is kept. Start it again: it goes on, or takes part if another process leads.")
        } catch is AwaitingReview {
            return try await end.close(nil, status: .paused, reason: nil, isWaiting: true)
        } catch is CancellationError {
            // Stored even though this task is cancelled: what was paid for must be in the file.
            return try await uncancelled { try await end.close(nil, status: .paused, reason: .cancelled) }
        } catch {
            let failure =
                error as? EdisonError
                ?? EdisonError(.internal, "The run ended with an error: \(error)", underlying: error)
            do {
                return try await uncancelled {
                    try await end.close(nil, status: .failed, reason: .errors, failure: failure)
                }
            } catch { throw failure }
        }
    }
}

/// Writes down how a run ended, and gives its result.
private struct RunEnd: Sendable {
    let context: RunContext
    let calls: ModelCalls
    let clock: SittingClock

    func close(
        _ outcome: RunOutcome?, status: ExperimentStatus, reason: StopReason?, isWaiting: Bool = false,
        failure: EdisonError? = nil
    ) async throws -> ExperimentService.Finished {
        if status == .completed || status == .failed {
            try await storing(failure) {
                try await context.store.endOpenIterations(as: status == .failed ? .failed : .cancelled)
            }
        }
        let totals = try await calls.totals(scope: context.experiment.text)
        let builder = ResultBuilder(
            context: context, totals: totals, duration: clock.elapsed, failure: failure)
        var ended = outcome
        if ended == nil { ended = try await proven(reason, failure) }
        let found = try await builder.result(ended, status: status, stopReason: reason)
        let labelled = LabelledResult(found, labels: try await context.store.labels()).labelled
        let result = ReviewedFlags(labelled, reviews: try await context.store.flagReviews()).result
        try await storing(failure) {
            try await context.store.move(to: status, stopReason: reason, result: .object(result.json))
        }
        return ExperimentService.Finished(
            result: result, status: status, wasFinished: false, isWaiting: isWaiting, failure: failure)
    }

    /// A disk that is full takes no end of a run: then it is told all the same, and the run stays as if it was killed.
    private func storing(_ failure: EdisonError?, _ write: () async throws -> Void) async throws {
        do { try await write() } catch { if failure == nil { throw error } }
    }

    /// Of a run that was stopped or that failed: what a test before it went on has said; nil when nothing was tested.
    private func proven(_ reason: StopReason?, _ failure: EdisonError?) async throws -> RunOutcome? {
        guard let reason, var state = context.progress.state else { return nil }
        let words = failure.map { ProofWords.failing($0.description) } ?? ProofWords.interrupted
        return try await RefinementLoop(context).standing(&state, reason, words)
    }
}
