package import EdisonCore
import EdisonDatasets
package import EdisonEvents
package import EdisonJobs
package import EdisonLLM
import EdisonPrompts
package import EdisonSQL

/// The experiments of the server: made by requests, run by workers, by the same service as those of the command line.
package struct HostedExperiments: Sendable {
    let database: Database
    let calls: ModelCalls
    package let events: EventLog
    let queue: JobQueue
    let providers: any ProviderSource
    let datasets: DatasetService
    let prompts: PromptService
    let audit = AuditTrail()
    let store = HostedStore()

    package init(
        database: Database, calls: ModelCalls, events: EventLog, queue: JobQueue, providers: any ProviderSource
    ) {
        self.database = database
        self.calls = calls
        self.events = events
        self.queue = queue
        self.providers = providers
        datasets = DatasetService(database: database)
        prompts = PromptService(database: database)
    }

    /// A request is read as a file is, so that all its faults are told at once, with the names that the request has.
    func definition(
        of document: JSONObject, kind: Experiment.Kind, id: Experiment.ID, in project: ProjectID
    ) async throws -> ExperimentDefinition {
        var endpoints: [String: Endpoint] = [:]
        for credential in ExperimentDocument.credentials(of: document) {
            endpoints[credential] = try await providers.endpoint(credential: credential, in: project)
        }
        do {
            let file = try ExperimentFile.read(
                text: JSONValue.object(document).text(), name: "The experiment",
                in: FileEnvironment(endpoints: endpoints), purpose: kind)
            var definition = file.definition
            definition.occasion = id.text
            var prices: [ModelReference: Price] = [:]
            for reference in definition.references where reference.price == nil {
                prices[reference] = try await providers.price(
                    of: reference.model, credential: reference.endpoint.credentialID, in: project)
            }
            definition.takePrices { prices[$0] }
            return kind == .eval ? definition.forEvaluation : definition
        } catch let error as EdisonError {
            throw EdisonError(
                error.code, error.message, detail: error.detail, issues: error.issues.map(ExperimentDocument.issue),
                underlying: error.underlying)
        }
    }

    package func create(
        _ request: JSONObject, kind: Experiment.Kind, in project: ProjectID, by actor: Actor
    ) async throws -> HostedExperiment {
        let id: Experiment.ID = IDSource.random.next()
        let document = try await document(of: request, in: project)
        try await make(
            id, document, kind, prompt: request["prompt_id"]?.string, reference: request["reference"]?.string,
            in: project, by: actor, "created")
        return try await experiment(id)
    }

    private func make(
        _ id: Experiment.ID, _ document: JSONObject, _ kind: Experiment.Kind, prompt: String?, reference: String?,
        in project: ProjectID, by actor: Actor, _ what: String
    ) async throws {
        let definition = try await definition(of: document, kind: kind, id: id, in: project)
        if kind == .refine { try definition.requireEnoughToRefine() }
        let catalog = ExperimentCatalog(database: database, project: project.text)
        _ = try await catalog.create(definition, kind: kind, identity: definition.identity(kind: kind), id: id) { db in
            guard let earlier = try store.experiment(id, locked: true, in: db) else { return }
            guard earlier.experiment.status == .draft else {
                throw EdisonError(.conflict, "The experiment was started in the meantime: only its limits can change.")
            }
            try store.removeDraft(id, in: db)
        } after: { db in
            try store.insert(
                source: document, of: id, prompt: prompt, reference: reference, by: actor.user, in: db)
            try audit.record(
                "experiment.\(what)", of: ("experiment", id.text), by: actor,
                changes: ["name": .string(definition.name), "kind": .string(kind.rawValue)], db)
        }
    }

    /// With prompt and cases in their place, as they are at this moment.
    private func document(of request: JSONObject, in project: ProjectID) async throws -> JSONObject {
        var issues: [FieldIssue] = []
        let prompt = try await prompt(of: request, in: project, &issues)
        var sets: [JSONValue] = []
        for (index, id) in (request["dataset_ids"]?.array ?? []).enumerated() {
            guard let found = try await datasets.cases(of: LibraryDataset.ID(id.string ?? ""), in: project) else {
                issues.append(FieldIssue(path: "dataset_ids[\(index)]", message: "names no dataset of this project"))
                continue
            }
            sets.append([
                "kind": .string(found.dataset.kind.rawValue), "cases": .array(found.cases.map(\.content)),
            ])
        }
        guard issues.isEmpty else {
            throw EdisonError(.invalid, "The experiment names what is not there.", issues: issues)
        }
        return ExperimentDocument.document(request, prompt: prompt, datasets: sets)
    }

    private func prompt(
        of request: JSONObject, in project: ProjectID, _ issues: inout [FieldIssue]
    ) async throws -> JSONValue? {
        if let id = request["prompt_version_id"]?.string {
            let version = try? await prompts.version(PromptVersion.ID(id))
            if let version, try await prompts.prompt(version.promptID).project == project {
                return version.content.json
            }
            issues.append(FieldIssue(path: "prompt_version_id", message: "names no version of this project"))
        } else if let id = request["prompt_id"]?.string {
            let prompt = try? await prompts.prompt(Prompt.ID(id))
            if let prompt, prompt.project == project, let published = prompt.published {
                return try await prompts.version(published).content.json
            }
            issues.append(FieldIssue(path: "prompt_id", message: "names no prompt of this project with a version"))
        }
        return nil
    }

    static var missing: EdisonError { EdisonError(.notFound, "There is no such experiment.") }

    package func experiment(_ id: Experiment.ID) async throws -> HostedExperiment {
        guard let found = try await database.read({ db in try store.experiment(id, in: db) }) else {
            throw Self.missing
        }
        return found
    }

    func experiments(
        of project: ProjectID, status: ExperimentStatus?, reference: String?, _ page: PageRequest
    ) async throws -> Listing<ListedExperiment> {
        let found = try await database.read { db in
            try store.experiments(of: project, status: status, reference: reference, page, in: db)
        }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    /// Of a draft anything can be changed; of one that has begun only its limits, name and description.
    func change(
        _ id: Experiment.ID, _ change: JSONObject, seen: String?, by actor: Actor
    ) async throws -> HostedExperiment {
        let found = try await experiment(id)
        guard let document = found.document else { throw Self.ofCommandLine(found) }
        if let seen, seen != found.tag {
            throw EdisonError(
                .conflict, "The experiment was changed in the meantime.", detail: "Read it again, and change that.")
        }
        var changed = document
        for (key, value) in try await self.document(of: change, in: found.project) { changed[key] = value }
        if found.experiment.status == .draft {
            try await make(
                id, changed, found.experiment.kind, prompt: change["prompt_id"]?.string,
                reference: change["reference"]?.string ?? found.reference, in: found.project, by: actor, "changed")
            return try await experiment(id)
        }
        let before = try await definition(of: document, kind: found.experiment.kind, id: id, in: found.project)
        let after = try await definition(of: changed, kind: found.experiment.kind, id: id, in: found.project)
        guard before.identity(kind: found.experiment.kind) == after.identity(kind: found.experiment.kind) else {
            throw EdisonError(
                .conflict, "The experiment has begun: only its limits can be changed (stop_rules: max_budget_usd, …).",
                detail: "For anything else make another experiment.")
        }
        try await database.write { [changed] db in
            try store.setDocument(changed, of: id, in: db)
            try audit.record(
                "experiment.changed", of: ("experiment", id.text), by: actor,
                changes: [
                    "before": .object(JSONObject(change.keys.map { ($0, document[$0] ?? .null) })),
                    "after": .object(change),
                ], db)
        }
        return try await experiment(id)
    }

    static func ofCommandLine(_ experiment: HostedExperiment) -> EdisonError {
        EdisonError(
            .conflict, "This experiment was made by the command line, which has its file and its keys.",
            detail: "Go on with it there: edison resume")
    }

    func estimate(_ id: Experiment.ID) async throws -> CostEstimate {
        let found = try await experiment(id)
        guard let document = found.document else { throw Self.ofCommandLine(found) }
        let definition = try await definition(of: document, kind: found.experiment.kind, id: id, in: found.project)
        return CostEstimate(definition, kind: found.experiment.kind, prices: { calls.price(of: $0) })
    }

    /// The service that runs the experiments of a project.
    ///
    /// - Parameter payer: whose money its calls spend; nil where none are made.
    func service(of project: ProjectID, charging payer: Payer? = nil) -> ExperimentService {
        ExperimentService(
            database: database, calls: payer.map { calls.charged(to: $0) } ?? calls, project: project.text,
            events: events, queue: queue)
    }
}
