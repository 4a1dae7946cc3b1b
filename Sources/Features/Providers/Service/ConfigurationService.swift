package import EdisonCore
package import EdisonEvents
package import EdisonSQL

/// Keeps the model configurations of projects.
package struct ConfigurationService: Sendable {
    private let database: Database
    private let store = ConfigurationStore()
    private let audit = AuditTrail()
    private let now: @Sendable () -> Timestamp

    package init(database: Database, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.database = database
        self.now = now
    }

    @discardableResult
    package func create(
        _ wish: ConfigurationChange, in project: ProjectID, by actor: Actor
    ) async throws -> ModelConfiguration {
        let moment = now()
        let made = ModelConfiguration(
            id: IDSource.random.next(), project: project, name: wish.name ?? "", provider: wish.provider ?? "",
            model: wish.model ?? "", parameters: wish.parameters ?? [:], isDefault: wish.isDefault ?? false,
            creator: actor.user, createdAt: moment, updatedAt: moment)
        try await naming(made.name) {
            try await database.write { db in
                if made.isDefault { try store.clearDefault(of: project, provider: made.provider, in: db) }
                try store.insert(made, in: db)
                try audit.record(
                    "model_configuration.created", of: ("model_configuration", made.id.text), by: actor,
                    changes: wish.summary, db)
            }
        }
        return made
    }

    package func list(
        of project: ProjectID, provider: String?, isDefault: Bool?, _ page: PageRequest
    ) async throws -> Listing<ModelConfiguration> {
        let found = try await database.read { db in
            try store.list(of: project, provider: provider, isDefault: isDefault, page: page, in: db)
        }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    @discardableResult
    package func change(
        _ id: ModelConfiguration.ID, _ change: ConfigurationChange, by actor: Actor
    ) async throws -> ModelConfiguration {
        try await naming(change.name ?? "") {
            try await database.write { db in
                guard var held = try store.held(id, in: db) else { throw Self.absent }
                held.name = change.name ?? held.name
                held.provider = change.provider ?? held.provider
                held.model = change.model ?? held.model
                held.parameters = change.parameters ?? held.parameters
                held.isDefault = change.isDefault ?? held.isDefault
                held.updatedAt = now()
                if held.isDefault { try store.clearDefault(of: held.project, provider: held.provider, in: db) }
                try store.update(held, in: db)
                try audit.record(
                    "model_configuration.updated", of: ("model_configuration", id.text), by: actor,
                    changes: change.summary, db)
                return held
            }
        }
    }

    package func delete(_ id: ModelConfiguration.ID, by actor: Actor) async throws {
        try await database.write { db in
            guard let held = try store.held(id, in: db) else { throw Self.absent }
            try store.delete(id, in: db)
            try audit.record(
                "model_configuration.deleted", of: ("model_configuration", id.text), by: actor,
                changes: ["name": .string(held.name)], db)
        }
    }

    private static var absent: EdisonError { EdisonError(.notFound, "There is no such model configuration.") }

    private func naming<Value>(_ name: String, _ work: () async throws -> Value) async throws -> Value {
        do { return try await work() } catch let error as EdisonError where error.brokenRule == .unique {
            throw EdisonError(
                .conflict, "There is a model configuration \"\(name)\" already.", detail: "Choose another name.",
                issues: [FieldIssue(path: "name", message: "is taken")], underlying: error)
        }
    }
}

extension ConfigurationChange {
    fileprivate var summary: JSONValue {
        var object = JSONObject()
        object["name"] = name.map { .string($0) }
        object["provider"] = provider.map { .string($0) }
        object["model"] = model.map { .string($0) }
        object["parameters"] = parameters.map { .object($0) }
        object["is_default"] = isDefault.map { .bool($0) }
        return .object(object)
    }
}
