import EdisonCore
import EdisonEvents
package import EdisonJobs
import EdisonLLM
import EdisonSQL

/// Starting, stopping and working on experiments of the server.
extension HostedExperiments {
    /// Queues it for a worker. One that is queued or at work already stays as it is.
    func start(_ id: Experiment.ID, by actor: Actor) async throws -> HostedExperiment {
        let found = try await experiment(id)
        guard let document = found.document else { throw Self.ofCommandLine(found) }
        try await prepare(found, document, by: actor)
        try await database.write { db in
            guard let now = try store.experiment(id, locked: true, in: db) else { throw Self.missing }
            if now.experiment.status != .running { try store.setStarter(actor.user, of: id, in: db) }
            try enqueue(now, db)
            try audit.record("experiment.started", of: ("experiment", id.text), by: actor, db)
        }
        return try await experiment(id)
    }

    /// What must be so before it goes on: a limit that ended it is higher now, and what failed may be asked again.
    private func prepare(_ found: HostedExperiment, _ document: JSONObject, by actor: Actor) async throws {
        let kind = found.experiment.kind
        if found.experiment.status != .running { try await requireRoom(for: found, document, by: actor) }
        if found.experiment.status == .failed {
            let store = ExperimentStore(
                experiment: found.id, prompt: found.prompt, database: database, events: events)
            try await store.forgetFailures()
            try await calls.forgetFailures(scope: found.id.text)
        }
        var definition = try await definition(of: document, kind: kind, id: found.id, in: found.project)
        try LimitPolicy(prices: calls).apply(to: &definition)
        guard found.experiment.status == .completed, let reason = found.experiment.stopReason, reason.isLimit,
            let result = found.result, result.stoppingBudget == nil
        else { return }
        guard definition.stop.exceeds(reason, in: result) else {
            throw EdisonError(
                .conflict, "The experiment ended at its limit.",
                detail: "Raise the limit first: PATCH stop_rules.")
        }
    }

    func enqueue(_ found: HostedExperiment, _ db: any DatabaseConnection) throws {
        let status = found.experiment.status
        switch status {
        case .draft, .paused, .failed: break
        case .completed:
            guard found.experiment.stopReason?.isLimit == true else {
                throw EdisonError(
                    .conflict, "The experiment has ended.", detail: "Make another one, or look at its result.")
            }
        case .running:
            // A job that was given up leaves it as it was, and whoever asks may begin another.
            if found.wish == nil, let job = found.job, try !queue.isDone(Job.ID(job), db) { return }
        case .cancelled, .archived:
            throw EdisonError(.conflict, "The experiment is \(status.rawValue), and that is for good.")
        }
        let options = JobOptions(
            owner: found.organization.text, project: found.project, maxAttempts: 10)
        let job = try queue.enqueue(ExperimentJob(experiment: found.id), options, db)
        try store.setJob(job.text, of: found.id, in: db)
        if status != .running {
            try ExperimentStore.set(.running, of: found.id, in: db)
            try events.record(
                "experiment:queued", ["job_id": .string(job.text)], in: ExperimentStore.stream(of: found.id), db)
        }
    }

    /// What is under way is given up, and what was paid for is kept.
    func pause(_ id: Experiment.ID, by actor: Actor) async throws -> HostedExperiment {
        try await stop(id, .pause, by: actor)
    }

    /// Ends it for good. What it found by then stays.
    func cancel(_ id: Experiment.ID, by actor: Actor) async throws -> HostedExperiment {
        try await stop(id, .cancel, by: actor)
    }

    private func stop(
        _ id: Experiment.ID, _ wish: HostedExperiment.Wish, by actor: Actor
    ) async throws -> HostedExperiment {
        let isIdle = try await database.write { db -> Bool in
            guard let found = try store.experiment(id, locked: true, in: db) else { throw Self.missing }
            guard found.document != nil else { throw Self.ofCommandLine(found) }
            let status = found.experiment.status
            let canStop = wish == .pause ? status == .running : [.draft, .running, .paused].contains(status)
            guard canStop else {
                throw EdisonError(
                    .conflict,
                    "The experiment is \(status.rawValue) and cannot be \(wish == .pause ? "paused" : "cancelled")."
                )
            }
            try store.setWish(wish, of: id, in: db)
            try audit.record(
                wish == .pause ? "experiment.paused" : "experiment.cancelled", of: ("experiment", id.text), by: actor,
                db)
            guard let job = found.job.map({ Job.ID($0) }), try queue.cancel(job, db) else { return true }
            return try queue.isDone(job, db)
        }
        // Nobody works on it: then there is nobody to end it but us.
        if isIdle { try await end(id, wish) }
        return try await experiment(id)
    }

    private func end(_ id: Experiment.ID, _ wish: HostedExperiment.Wish) async throws {
        let found = try await experiment(id)
        if wish == .cancel {
            let run = StoredRun(
                experiment: found.experiment, file: nil, finishedAt: nil, iterations: 0, outcome: nil, production: nil)
            try await service(of: found.project).cancel(run)
        } else if found.experiment.status == .running {
            try await database.write { db in
                try ExperimentStore.set(.paused, of: id, in: db)
                try events.record(
                    "experiment:paused", ["stop_reason": "cancelled"], in: ExperimentStore.stream(of: id), db)
            }
        }
        try await database.write { db in try store.setWish(nil, of: id, in: db) }
    }

    /// What workers do for this feature.
    package var jobs: [JobDefinition] {
        [
            JobDefinition(ExperimentJob.self, timeLimit: .seconds(7 * 24 * 3600)) { job, context in
                try await work(on: job.experiment)
                // The work is done however the experiment has ended; a list of jobs shows that, too.
                let ended = try await experiment(job.experiment).experiment.status
                try await context.report(["experiment_status": .string(ended.rawValue)])
            }
        ]
    }

    private func work(on id: Experiment.ID) async throws {
        let found = try await experiment(id)
        guard found.experiment.status == .running || found.isHandedOver, let document = found.document else { return }
        if let wish = found.wish { return try await end(id, wish) }
        let service = service(of: found.project, charging: found.payer)
        let kind = found.experiment.kind
        do {
            var definition = try await definition(of: document, kind: kind, id: id, in: found.project)
            try LimitPolicy(prices: calls).apply(to: &definition)
            let news = RunNews(database: database, events: events, experiment: id)
            try await news.telling { [definition] report in
                if kind == .refine {
                    _ = try await service.refine(
                        definition, start: .continueOrNew, reviewer: AbsentReviewer(), report: report)
                } else {
                    _ = try await service.evaluate(definition, start: .continueOrNew, report: report)
                }
            }
        } catch let error as EdisonError where [.invalid, .notFound, .budgetExceeded].contains(error.code) {
            // It cannot begin as it is: to try again would change nothing.
            return try await uncancelled { try await fail(id, error) }
        }
        guard Task.isCancelled else { return }
        try await uncancelled { try await handOver(id) }
        throw CancellationError()
    }

    /// The worker is to stop: because a person wants it, or because the server ends and another goes on.
    private func handOver(_ id: Experiment.ID) async throws {
        let found = try await experiment(id)
        if let wish = found.wish { return try await end(id, wish) }
        guard found.experiment.status == .paused else { return }
        try await database.write { db in try ExperimentStore.set(.running, of: id, in: db) }
    }

    private func fail(_ id: Experiment.ID, _ error: EdisonError) async throws {
        try await database.write { db in
            try ExperimentStore.fail(id, error.description, in: db)
            try events.record(
                "experiment:failed", ["stop_reason": "errors", "error": .string(error.description)],
                in: ExperimentStore.stream(of: id), db)
        }
    }
}
