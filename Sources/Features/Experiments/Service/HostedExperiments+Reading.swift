import EdisonCore
import EdisonEvaluation
import EdisonEvents
import EdisonLLM
import EdisonPrompts
import EdisonSQL

/// What is shown of experiments of the server.
extension HostedExperiments {
    func view(_ id: Experiment.ID) async throws -> ExperimentView {
        let hosted = try await experiment(id)
        let totals = try await calls.totals(scope: id.text)
        let read = try await database.read { db in
            (
                try store.iterations(of: id, in: db).map(IterationView.init),
                try PromptStore().versions(of: hosted.prompt, in: db)
            )
        }
        return ExperimentView(
            hosted: hosted, spent: totals.count > 0 ? totals.cost : hosted.importedCost ?? totals.cost,
            tokens: (totals.inputTokens, totals.outputTokens), calls: totals.count,
            iterations: Array(read.0.suffix(20)), versions: read.1)
    }

    func iterations(of id: Experiment.ID, _ page: PageRequest) async throws -> Listing<IterationView> {
        let after = page.after.flatMap { Int($0.text) } ?? 0
        let all = try await database.read { db in try store.iterations(of: id, in: db).map(IterationView.init) }
        return Listing(all.filter { $0.number > after }, page) { Cursor("\($0.number)") }
    }

    func iteration(_ id: String) async throws -> IterationView {
        guard let row = try await database.read({ db in try store.iteration(id, in: db) }) else {
            throw EdisonError(.notFound, "There is no such iteration.")
        }
        return try IterationView(row: row)
    }

    /// What the iteration's version answered to its cases, with what the judges said of it.
    func outputs(of id: String, _ page: PageRequest) async throws -> Listing<OutputView> {
        guard let row = try await database.read({ db in try store.iteration(id, in: db) }) else {
            throw EdisonError(.notFound, "There is no such iteration.")
        }
        let version = try row.string("version_id")
        let scope = try row.string("experiment_id")
        let cases = (try row.json("case_ids").array ?? []).compactMap(\.string)
        let found = try await database.read { db in
            let outputs = try EvaluationStore().outputs(scope: scope, versions: [version], cases: cases, in: db)
                .filter { output in page.after.map { output.id.text > $0.text } ?? true }
            let shown = Array(outputs.prefix(page.limit + 1))
            let judgments = Dictionary(
                grouping: try EvaluationStore().judgments(of: shown.map(\.id), in: db), by: \.outputID)
            return shown.map { OutputView(output: $0, judgments: judgments[$0.id] ?? []) }
        }
        return Listing(found, page) { Cursor($0.output.id.text) }
    }

    /// The result as the result file has it; nil before the first end.
    func result(of id: Experiment.ID) async throws -> JSONObject {
        let found = try await experiment(id)
        guard found.result != nil, let result = try await service(of: found.project).stored(result: id) else {
            throw EdisonError(
                .notFound, "The experiment has no result yet.",
                detail: found.error.map { "It ended before it could begin: \($0)" }
                    ?? "Follow its events until it has ended.")
        }
        return result.json
    }
}

extension ExperimentService {
    fileprivate func stored(result id: Experiment.ID) async throws -> RunResult? {
        try await RunStore(database: database, project: project).result(of: id)
    }
}

/// One output of an iteration, with its judgments.
struct OutputView: Sendable {
    let output: Output
    let judgments: [Judgment]
}

extension IterationView {
    init(row: Row) throws {
        self.init(
            id: try row.string("id"), experiment: try row.id("experiment_id"), number: try row.int("number"),
            status: IterationStatus(rawValue: try row.string("status")) ?? .pending,
            version: try row.string("version_id"), metrics: try row.json("metrics"), summary: try row.json("summary"),
            cost: try row.optionalMoney("cost_nano"), startedAt: try row.timestamp("started_at"),
            finishedAt: try row.optionalTimestamp("finished_at"))
    }
}
