import EdisonCore
import EdisonSQL

/// Which version of a prompt an application asks for.
package enum PromptSelection: Hashable, Sendable {
    case published
    case tag(String)
    case number(Int)
}

/// A prompt as an application gets it.
package struct ServedPrompt: Hashable, Sendable {
    package let name: String
    package let version: PromptVersion
    /// Which tag was asked for.
    package let tag: String?
}

extension PromptService {
    /// Finds a prompt by its name (or id) for an application. `production` is also what a run has been marked as, for
    /// prompts that exist only in runs.
    func served(_ name: String, _ selection: PromptSelection, in project: ProjectID) async throws -> ServedPrompt {
        let found = try await database.glance { db -> ServedPrompt? in
            let one = PageRequest(limit: 1)
            let byName = try library.prompts(of: project, named: name, archived: false, one, in: db).first
            let byID = try byName == nil ? library.prompt(Prompt.ID(name), in: db) : nil
            let prompt = byName ?? byID.flatMap { $0.project == project && !$0.isArchived ? $0 : nil }
            guard let version = try version(selection, of: prompt, name, in: project, db) else { return nil }
            var tag: String?
            if case .tag(let name) = selection { tag = name }
            return ServedPrompt(name: prompt?.name ?? name, version: version, tag: tag)
        }
        guard let found else {
            throw EdisonError(
                .notFound, "There is no such prompt, or no such version of it.",
                detail: "GET /api/v1/projects/{project}/prompts lists them.")
        }
        return found
    }

    private func version(
        _ selection: PromptSelection, of prompt: LibraryPrompt?, _ name: String, in project: ProjectID,
        _ db: any DatabaseConnection
    ) throws -> PromptVersion? {
        switch selection {
        case .published: return try prompt?.published.flatMap { try library.version($0, in: db) }
        case .number(let number):
            return try prompt.flatMap { try prompts.version(number: number, of: $0.id, in: db) }
        case .tag("production"): return try library.production(prompt?.name ?? name, in: project, db)
        case .tag(let tag): return try prompt?.tags[tag].flatMap { try library.version($0, in: db) }
        }
    }
}
