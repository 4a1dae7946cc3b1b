import EdisonCore
package import EdisonSQL

/// Every SQL statement of prompts and their versions.
package struct PromptStore: Sendable {
    package init() {}

    package func insert(_ prompt: Prompt, project: String, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO prompt (id, project_id, name, created_at)
            VALUES (\(prompt.id), \(project), \(prompt.name), \(Timestamp.now))
            ON CONFLICT (id) DO NOTHING
            """)
    }

    package func insert(_ version: PromptVersion, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO prompt_version
                (id, prompt_id, number, parent_id, version_hash, content, message, created_at)
            VALUES
                (\(version.id), \(version.promptID), \(version.number), \(version.parentID),
                 \(version.versionHash.text), \(version.content.json), \(version.message), \(version.createdAt))
            """)
    }

    /// Removes a prompt with all its versions.
    package func delete(_ prompt: Prompt.ID, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM prompt_version WHERE prompt_id = \(prompt)")
        try db.execute("DELETE FROM prompt WHERE id = \(prompt)")
    }

    package func version(number: Int, of prompt: Prompt.ID, in db: any DatabaseConnection) throws -> PromptVersion? {
        try db.fetchOne(
            """
            SELECT id, prompt_id, number, parent_id, content, message, created_at FROM prompt_version
            WHERE prompt_id = \(prompt) AND number = \(number)
            """
        ).map(PromptVersion.init(row:))
    }

    package func versions(of prompt: Prompt.ID, in db: any DatabaseConnection) throws -> [PromptVersion] {
        try db.fetch(
            """
            SELECT id, prompt_id, number, parent_id, content, message, created_at FROM prompt_version
            WHERE prompt_id = \(prompt) ORDER BY number
            """
        ).map(PromptVersion.init(row:))
    }
}

extension PromptVersion {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), promptID: try row.id("prompt_id"), number: try row.int("number"),
            parentID: try row.optionalID("parent_id"), content: PromptContent(json: try row.json("content")),
            message: try row.string("message"), createdAt: try row.timestamp("created_at"))
    }
}
