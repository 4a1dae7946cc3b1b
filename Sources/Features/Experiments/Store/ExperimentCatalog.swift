import EdisonCore
package import EdisonDatasets
package import EdisonPrompts
package import EdisonSQL

/// The runs of a project: which exist, and which of them a file means.
package struct ExperimentCatalog: Sendable {
    let database: Database
    let project: String

    package init(database: Database, project: String) {
        self.database = database
        self.project = project
    }

    /// A run that is not done, by what starts it again.
    package struct Unfinished: Sendable {
        package let file: String
        package let kind: Experiment.Kind
        package let seed: UInt64
        let identity: ContentHash
    }

    package struct Found: Sendable {
        package let experiment: Experiment
        package let prompt: Prompt.ID
        /// The stored cases, with their ids.
        package let cases: [TestCase]
        package let isResumed: Bool
        let result: RunResult?
        /// How long it has been worked on by now, sittings that were killed as well.
        let elapsed: Duration
        let dataset: String
        /// What a model has written for the run; nil before it has.
        let drafts: Drafts?

        /// The stored result of a run that has ended; nil while it has not.
        var endedResult: RunResult? { isResumed && experiment.status == .completed ? result : nil }

        /// The stored result of a run that has nothing left to do; nil when there is something.
        func finishedResult(limits: StopRules) -> RunResult? {
            guard let result = endedResult else { return nil }
            guard let reason = experiment.stopReason, reason.isLimit else { return result }
            // Of a budget that the run shares with others nobody here knows whether it has room again: it is tried.
            if result.stoppingBudget != nil { return nil }
            return limits.exceeds(reason, in: result) ? nil : result
        }
    }

    package func findOrCreate(
        _ definition: ExperimentDefinition, kind: Experiment.Kind, start: ExperimentService.Start
    ) async throws -> Found {
        let identity = definition.identity(kind: kind)
        if start == .continueOrNew, let found = try await find(identity) { return found }
        return try await create(definition, kind: kind, identity: identity)
    }

    func isKnown(_ identity: ContentHash) async throws -> Bool { try await find(identity) != nil }

    /// The newest run that was finished, whatever was begun after it.
    func finished(_ identity: ContentHash) async throws -> Found? { try await find(identity, isFinished: true) }

    func find(_ identity: ContentHash, isFinished: Bool = false) async throws -> Found? {
        try await database.read { db in
            guard
                let row = try db.fetchOne(
                    """
                    SELECT id, kind, identity, name, status, stop_reason, seed, created_at, prompt_id, dataset_id,
                           definition, result, active_us
                    FROM experiment
                    WHERE project_id = \(project) AND identity = \(identity.text) AND status <> 'archived'
                        AND (\(isFinished) = 0 OR status = 'completed')
                    ORDER BY created_at DESC, id DESC LIMIT 1
                    """)
            else { return nil }
            let stored = try row.json("result").object
            let experiment = try Experiment(row: row)
            let reviews = try FlagStore().reviews(run: experiment.id, in: db)
            let result = stored.map { ReviewedFlags(RunResult(json: $0), reviews: reviews).result }
            return Found(
                experiment: experiment, prompt: try row.id("prompt_id"),
                cases: try DatasetStore().cases(of: try row.string("dataset_id"), in: db), isResumed: true,
                result: result, elapsed: max(.microseconds(try row.int64("active_us")), result?.duration ?? .zero),
                dataset: try row.string("dataset_id"),
                drafts: Drafts(try row.json("definition")))
        }
    }

    /// The runs that are not finished, or stopped at a limit, with the files that they were read from, newest first.
    ///
    /// - Parameter run: then only this one.
    package func unfinished(file: String?, run: Experiment.ID? = nil) async throws -> [Unfinished] {
        let rows = try await database.read { db in
            try db.fetch(
                """
                SELECT file, kind, seed, identity FROM experiment
                WHERE project_id = \(project) AND file IS NOT NULL AND (CAST(\(file) AS TEXT) IS NULL OR file = \(file))
                    AND (CAST(\(run) AS TEXT) IS NULL OR id = \(run))
                    AND (status IN ('draft', 'running', 'paused', 'failed')
                        OR status = 'completed' AND stop_reason IN ('budget', 'tokens', 'calls', 'time'))
                ORDER BY created_at DESC, id DESC LIMIT 100
                """)
        }
        return try rows.map { row in
            Unfinished(
                file: try row.string("file"), kind: Experiment.Kind(rawValue: try row.string("kind")) ?? .refine,
                seed: UInt64(bitPattern: try row.int64("seed")),
                identity: ContentHash(stored: try row.string("identity")))
        }
    }

    /// Keeps what a model wrote for a run, so that going on with it asks for nothing again.
    func store(_ definition: ExperimentDefinition, draftedFor found: Found) async throws {
        let fresh = Array(definition.cases.dropFirst(found.cases.count))
        try await database.write { db in
            try DatasetStore().insert(fresh, dataset: found.dataset, after: found.cases.count, in: db)
            try db.execute(
                """
                UPDATE experiment SET definition = \(definition.stored(isDrafted: true)) WHERE id = \(found.experiment.id)
                """)
        }
    }

    /// - Parameters:
    ///   - id: nil = a new one.
    ///   - before: what is done first in the same transaction, such as removing the draft that this one stands for.
    ///   - after: what belongs to the run from its beginning.
    func create(
        _ definition: ExperimentDefinition, kind: Experiment.Kind, identity: ContentHash, id: Experiment.ID? = nil,
        before: @escaping @Sendable (any DatabaseConnection) throws -> Void = { _ in },
        after: @escaping @Sendable (any DatabaseConnection) throws -> Void = { _ in }
    ) async throws -> Found {
        let ids = IDSource.random
        let experiment = Experiment(
            id: id ?? ids.next(), kind: kind, identity: identity, name: definition.name, status: .draft,
            stopReason: nil,
            seed: definition.seed, createdAt: .now)
        let prompt = Prompt(id: ids.next(), name: definition.name)
        let dataset = ids.next(TestCase.self).text
        try await database.write { db in
            try before(db)
            try PromptStore().insert(prompt, project: project, in: db)
            let datasets = DatasetStore()
            try datasets.insert(dataset: dataset, name: definition.name, project: project, in: db)
            try datasets.insert(definition.cases, dataset: dataset, in: db)
            try db.execute(
                """
                INSERT INTO experiment
                    (id, project_id, kind, identity, name, goal, definition, status, seed, prompt_id, dataset_id,
                     file, created_at)
                VALUES
                    (\(experiment.id), \(project), \(kind.rawValue), \(identity.text), \(definition.name),
                     \(definition.goal), \(definition.stored(isDrafted: false)), \(experiment.status.rawValue),
                     \(Int64(bitPattern: definition.seed)), \(prompt.id), \(dataset), \(definition.file),
                     \(experiment.createdAt))
                """)
            try after(db)
        }
        return Found(
            experiment: experiment, prompt: prompt.id, cases: definition.cases, isResumed: false, result: nil,
            elapsed: .zero,
            dataset: dataset, drafts: nil)
    }
}

extension Experiment {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), kind: Kind(rawValue: try row.string("kind")) ?? .refine,
            identity: ContentHash(stored: try row.string("identity")), name: try row.string("name"),
            status: ExperimentStatus(rawValue: try row.string("status")) ?? .failed,
            stopReason: try row.optionalString("stop_reason").flatMap(StopReason.init(rawValue:)),
            seed: UInt64(bitPattern: try row.int64("seed")), createdAt: try row.timestamp("created_at"))
    }
}

extension StopRules {
    /// Whether the limit that ended a run is higher now than what the run used.
    func exceeds(_ reason: StopReason, in result: RunResult) -> Bool {
        let stored = result.json["experiment"]?["stop"]
        switch reason {
        case .budget: return isRaised(maxBudget?.dollars, stored?["max_budget_usd"]?.double)
        case .tokens: return isRaised(maxTokens.map(Double.init), stored?["max_tokens"]?.double)
        case .calls: return isRaised(maxCalls.map(Double.init), stored?["max_calls"]?.double)
        case .time: return isRaised(maxDuration.map { Double($0.components.seconds) }, stored?["max_seconds"]?.double)
        default: return false
        }
    }

    private func isRaised(_ now: Double?, _ before: Double?) -> Bool {
        guard let before else { return false }
        return now.map { $0 > before } ?? true
    }
}
