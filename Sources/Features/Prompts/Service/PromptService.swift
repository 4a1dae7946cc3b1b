package import EdisonCore
package import EdisonEvents
package import EdisonSQL

/// Keeps prompts: makes them and their versions, publishes, tags, and serves them to applications.
package struct PromptService: Sendable {
    let database: Database
    let audit = AuditTrail()
    let library = LibraryStore()
    let prompts = PromptStore()

    package init(database: Database) { self.database = database }

    package func create(
        name: String, description: String, _ content: PromptContent, message: String, in project: ProjectID,
        by actor: Actor
    ) async throws -> (prompt: LibraryPrompt, version: PromptVersion) {
        try Self.check(content)
        return try await database.write { db in
            try requireFree(name, in: project, but: nil, db)
            let id: Prompt.ID = IDSource.random.next()
            try library.insert(id, name: name, description: description, project: project, in: db)
            let version = PromptVersion(
                id: IDSource.random.next(), promptID: id, number: 1, parentID: nil, content: content, message: message,
                createdAt: .now)
            try prompts.insert(version, in: db)
            // The first version is what the prompt is, until a person publishes another.
            try library.publish(version, in: db)
            try audit.record(
                "prompt.created", of: ("prompt", id.text), by: actor, changes: ["name": .string(name)], db)
            guard let prompt = try library.prompt(id, in: db) else { throw Self.missing }
            return (prompt, version)
        }
    }

    private func requireFree(
        _ name: String, in project: ProjectID, but id: Prompt.ID?, _ db: any DatabaseConnection
    ) throws {
        guard try library.isTaken(name, in: project, but: id, db) else { return }
        throw EdisonError(
            .conflict, "The project has a prompt \"\(name)\" already.",
            issues: [FieldIssue(path: "name", message: "is taken")])
    }

    static func check(_ content: PromptContent) throws {
        do { _ = try PromptRenderer.variables(content) } catch {
            throw EdisonError(
                .invalid, "The prompt cannot be read as a template.",
                issues: [FieldIssue(path: "text", message: "\(error)")])
        }
    }

    static var missing: EdisonError { EdisonError(.notFound, "There is no such prompt.") }

    func prompts(
        of project: ProjectID, named name: String?, archived: Bool, _ page: PageRequest
    ) async throws -> Listing<LibraryPrompt> {
        let found = try await database.read { db in
            try library.prompts(of: project, named: name, archived: archived, page, in: db)
        }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    package func prompt(_ id: Prompt.ID) async throws -> LibraryPrompt {
        guard let prompt = try await database.read({ db in try library.prompt(id, in: db) }) else { throw Self.missing }
        return prompt
    }

    /// What a change does to a prompt that is locked while it is made, and written down with it.
    private func changing<Value: Sendable>(
        _ id: Prompt.ID, seen: ChangeCondition<LibraryPrompt>, _ action: String, by actor: Actor,
        changes: JSONValue = .null,
        _ change: @escaping @Sendable (LibraryPrompt, any DatabaseConnection) throws -> Value
    ) async throws -> Value {
        try await database.write { db in
            guard let prompt = try library.prompt(id, locked: true, in: db) else { throw Self.missing }
            try seen.require(prompt)
            let value = try change(prompt, db)
            try library.touch(prompt, in: db)
            try audit.record(action, of: ("prompt", id.text), by: actor, changes: changes, db)
            return value
        }
    }

    func rename(
        _ id: Prompt.ID, name: String?, description: String?, seen: ChangeCondition<LibraryPrompt>, by actor: Actor
    ) async throws -> LibraryPrompt {
        let changes: JSONValue = ["name": JSONValue(name), "description": JSONValue(description)]
        try await changing(id, seen: seen, "prompt.changed", by: actor, changes: changes) { prompt, db in
            var prompt = prompt
            prompt.name = name ?? prompt.name
            prompt.description = description ?? prompt.description
            try requireFree(prompt.name, in: prompt.project, but: id, db)
            try library.update(prompt, in: db)
        }
        return try await prompt(id)
    }

    func archive(_ id: Prompt.ID, by actor: Actor) async throws {
        try await changing(id, seen: .none, "prompt.archived", by: actor) { prompt, db in
            try library.archive(prompt, in: db)
        }
    }

    /// Adds a version. One that says just what the newest says is no new version, but that one.
    package func append(
        _ content: PromptContent, to id: Prompt.ID, parent: PromptVersion.ID? = nil, message: String,
        seen: ChangeCondition<LibraryPrompt>,
        by actor: Actor
    ) async throws -> PromptVersion {
        try Self.check(content)
        return try await changing(id, seen: seen, "prompt.version_created", by: actor) { prompt, db in
            let last = try library.lastVersion(of: id, in: db)
            if let last, last.versionHash == content.versionHash { return last }
            if let parent, try library.version(parent, in: db)?.promptID != id {
                throw EdisonError(
                    .invalid, "The parent is no version of this prompt.",
                    issues: [FieldIssue(path: "parent_version_id", message: "is no version of this prompt")])
            }
            let version = PromptVersion(
                id: IDSource.random.next(), promptID: id, number: (last?.number ?? 0) + 1,
                parentID: parent ?? last?.id, content: content, message: message, createdAt: .now)
            try prompts.insert(version, in: db)
            return version
        }
    }

    func versions(of id: Prompt.ID, _ page: PageRequest) async throws -> Listing<PromptVersion> {
        let found = try await database.read { db in try library.versions(of: id, page, in: db) }
        return Listing(found, page) { Cursor("\($0.number)") }
    }

    package func version(_ id: PromptVersion.ID) async throws -> PromptVersion {
        guard let version = try await database.read({ db in try library.version(id, in: db) }) else {
            throw EdisonError(.notFound, "There is no such version.")
        }
        return version
    }

    func publish(_ id: PromptVersion.ID, by actor: Actor) async throws -> LibraryPrompt {
        let version = try await version(id)
        let change: JSONValue = ["version_id": .string(id.text)]
        try await changing(version.promptID, seen: .none, "prompt.published", by: actor, changes: change) { _, db in
            try library.publish(version, in: db)
        }
        return try await prompt(version.promptID)
    }

    /// `production` is what applications get that ask for it; other names are free.
    func tag(_ prompt: Prompt.ID, _ name: String, _ id: PromptVersion.ID, by actor: Actor) async throws -> LibraryPrompt
    {
        // One that is not there and one of somebody else are told the same.
        let found = try await database.read { db in try library.version(id, in: db) }
        guard let version = found, version.promptID == prompt else {
            throw EdisonError(
                .invalid, "It is no version of this prompt.",
                issues: [FieldIssue(path: "version_id", message: "is no version of this prompt")])
        }
        let change: JSONValue = ["tag": .string(name), "version_id": .string(id.text)]
        try await changing(prompt, seen: .none, "prompt.tagged", by: actor, changes: change) { prompt, db in
            try library.setTag(name, to: version, in: db)
            if name == "production" { try library.setProduction(version, prompt, in: db) }
        }
        return try await self.prompt(prompt)
    }

    func untag(_ prompt: Prompt.ID, _ name: String, by actor: Actor) async throws {
        try await changing(prompt, seen: .none, "prompt.untagged", by: actor, changes: ["tag": .string(name)]) {
            _, db in
            guard try library.removeTag(name, of: prompt, in: db) else {
                throw EdisonError(.notFound, "The prompt has no such tag.")
            }
        }
    }
}
