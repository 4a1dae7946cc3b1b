import EdisonCore
import EdisonDatasets
import EdisonJobs
import EdisonLLM
import EdisonPrompts
import EdisonSQL

/// How much a deleted run held.
package struct DeletedRun: Hashable, Sendable {
    package let outputs: Int
    package let judgments: Int
    package let calls: Int
}

/// What is done with runs beside running them.
extension ExperimentService {
    private var store: RunStore { RunStore(database: database, project: project) }

    /// Newest first.
    package func runs() async throws -> [StoredRun] {
        var runs = try await store.runs()
        // A run that has not ended since it was started has cost something all the same.
        for index in runs.indices where runs[index].outcome == nil {
            let totals = try await calls.totals(scope: runs[index].experiment.id.text)
            (runs[index].spent, runs[index].unconfirmed) = (totals.cost, totals.unconfirmed)
            runs[index].isInterrupted = try await isInterrupted(runs[index])
        }
        return runs
    }

    /// Whether nobody leads a run that the command line has begun; those of a server may wait for a worker.
    private func isInterrupted(_ run: StoredRun) async throws -> Bool {
        guard run.experiment.status == .running, run.file != nil,
            let claim = try? await database.claim(JoinedRun.claimName(run.experiment.identity, project: project))
        else { return false }
        claim.release()
        return true
    }

    /// The run that a person means: by a beginning of its id that no other has, or by its file, of which the newest.
    package func run(_ word: String, file: String?) async throws -> StoredRun {
        try RunChoice(runs: try await runs()).run(word, file: file)
    }

    package func result(of run: StoredRun) async throws -> RunResult? { try await store.result(of: run.experiment.id) }

    /// Ends a run for good that has not ended. What it found by then stays.
    package func cancel(_ run: StoredRun) async throws {
        try run.require(.cancelled)
        try await alone(with: run) {
            let id = run.experiment.id
            try await calls.recover(scope: id.text)
            try await settleJobs(of: id)
            try await queue.remove(of: id.text)
            let store = ExperimentStore(
                experiment: id, prompt: try await self.store.prompt(of: id), database: database, events: events)
            try await store.endOpenIterations(as: .cancelled)
            var result = try await self.store.result(of: id)
            result?.json["status"] = .string(ExperimentStatus.cancelled.rawValue)
            result?.json["stop_reason"] = .string(StopReason.cancelled.rawValue)
            let totals = try await calls.totals(scope: id.text)
            result?.json["cost_usd"] = totals.cost?.json ?? .null
            result?.json["unconfirmed_usd"] = totals.unconfirmed.json
            try await store.move(
                to: .cancelled, stopReason: .cancelled, result: (result?.json).map { .object($0) },
                isEarlier: run.outcome == nil)
        }
    }

    /// Hides a run from the list, and from `refine`, which then begins another of the same file.
    package func archive(_ run: StoredRun) async throws {
        try run.require(.archived)
        try await alone(with: run) { try await store.archive(run.experiment.id, events: events) }
    }

    @discardableResult
    package func delete(_ run: StoredRun) async throws -> DeletedRun {
        let scope = run.experiment.id.text
        return try await alone(with: run) {
            // What they hold of budgets that others share must not go with their rows.
            try await calls.recover(scope: nil)
            try await settleJobs(of: run.experiment.id)
            try await queue.remove(of: scope)
            return try await store.delete(run.experiment.id) { db in
                try ModelCalls.delete(scope: scope, in: db)
                    + ModelCalls.delete(scopesFrom: GenerationSubject.scopes(of: run.experiment.id), in: db)
            }
        }
    }

    /// Marks the version that the run recommends as the one in production, in the place of any other of this name.
    package func markProduction(_ run: StoredRun) async throws -> Int {
        guard let best = try await result(of: run)?.best, let id = best["id"]?.string, let number = best["number"]?.int
        else {
            throw EdisonError(
                .conflict, "The run \"\(run.experiment.name)\" recommends no version yet.",
                detail: "Let it end first: edison resume")
        }
        try await store.markProduction(id, of: run.experiment.name)
        return number
    }

    /// The experiment file of the run's definition, under another name so that it is another run.
    package func duplicate(_ run: StoredRun, casesFile: String) async throws -> RunFile {
        let (definition, cases) = try await store.definition(of: run.experiment.id)
        return RunFile(definition: definition, cases: cases, of: run, casesFile: casesFile)
    }

    /// Whoever works on a run holds its claim, however it was started.
    private func alone<Value: Sendable>(
        with run: StoredRun, _ work: () async throws -> Value
    ) async throws -> Value {
        guard let claim = try await database.claim(JoinedRun.claimName(run.experiment.identity, project: project))
        else {
            throw EdisonError(
                .conflict, "Another process works on this run.", detail: "Stop it there with Ctrl-C, and try again.")
        }
        defer { claim.release() }
        return try await work()
    }
}

extension StoredRun {
    /// Fails when the run's states know no such move, with what to do instead.
    func require(_ status: ExperimentStatus) throws(EdisonError) {
        let now = experiment.status
        if now != status, (try? now.advanced(to: status)) != nil { return }
        let advice: String? =
            switch (status, now) {
            case (.cancelled, .completed), (.cancelled, .failed):
                "It has ended. To hide it: edison runs archive \(experiment.id)"
            case (.archived, .running), (.archived, .paused): "End it first: edison runs cancel \(experiment.id)"
            default: nil
            }
        let word = status == .cancelled ? "cancelled" : "archived"
        throw EdisonError(
            .conflict,
            now == status ? "This run is \(word) already." : "This run is \(now.rawValue) and cannot be \(word).",
            detail: advice)
    }
}
