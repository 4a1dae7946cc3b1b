import EdisonCore
import EdisonSQL

/// Every SQL statement of the prompts that people keep.
struct LibraryStore: Sendable {
    func insert(
        _ id: Prompt.ID, name: String, description: String, project: ProjectID, in db: any DatabaseConnection
    ) throws {
        let now = Timestamp.now
        try db.execute(
            """
            INSERT INTO prompt (id, project_id, name, origin, description, created_at, updated_at)
            VALUES (\(id), \(project), \(name), 'library', \(description), \(now), \(now))
            """)
    }

    func isTaken(_ name: String, in project: ProjectID, but id: Prompt.ID?, _ db: any DatabaseConnection) throws -> Bool
    {
        try db.fetchOne(
            """
            SELECT 1 AS one FROM prompt WHERE project_id = \(project) AND name = \(name) AND origin = 'library'
                AND archived_at IS NULL AND id <> \(id?.text ?? "")
            """) != nil
    }

    func prompts(
        of project: ProjectID, named name: String?, archived: Bool, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [LibraryPrompt] {
        let after: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        let named: SQL = name.map { "AND name = \($0)" } ?? ""
        let kept: SQL = archived ? "" : "AND archived_at IS NULL"
        let rows = try db.fetch(
            """
            SELECT * FROM prompt WHERE project_id = \(project) AND origin = 'library' \(kept) \(named) \(after)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
        return try prompts(rows, in: db)
    }

    func prompt(_ id: Prompt.ID, locked: Bool = false, in db: any DatabaseConnection) throws -> LibraryPrompt? {
        let lock: SQL = locked ? "\(db.dialect.lockRows)" : ""
        return try db.fetchOne("SELECT * FROM prompt WHERE id = \(id)\(lock)").flatMap {
            try prompts([$0], in: db).first
        }
    }

    /// With three statements, however many there are.
    private func prompts(_ rows: [Row], in db: any DatabaseConnection) throws -> [LibraryPrompt] {
        if rows.isEmpty { return [] }
        let ids = try rows.map { try $0.string("id") }
        let tags = try Dictionary(
            grouping: db.fetch("SELECT * FROM prompt_tag WHERE prompt_id IN (\(list: ids))"),
            by: { try $0.string("prompt_id") })
        let counts = try db.fetch(
            "SELECT prompt_id, COUNT(*) AS n FROM prompt_version WHERE prompt_id IN (\(list: ids)) GROUP BY prompt_id")
        let versions = Dictionary(
            try counts.map { (try $0.string("prompt_id"), try $0.int("n")) }, uniquingKeysWith: { $1 })
        return try zip(ids, rows).map { id, row in
            LibraryPrompt(
                id: try row.id("id"), project: try row.id("project_id"), name: try row.string("name"),
                description: try row.string("description"), published: try row.optionalID("published_version_id"),
                versions: versions[id] ?? 0,
                tags: Dictionary(
                    try (tags[id] ?? []).map { (try $0.string("name"), try $0.id("version_id")) },
                    uniquingKeysWith: { $1 }),
                isArchived: try row.optionalInt64("archived_at") != nil, createdAt: try row.timestamp("created_at"),
                updatedAt: try row.timestamp("updated_at"))
        }
    }

    func project(of id: Prompt.ID, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne("SELECT project_id FROM prompt WHERE id = \(id)")?.id("project_id")
    }

    func project(ofVersion id: PromptVersion.ID, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne(
            """
            SELECT p.project_id FROM prompt_version v JOIN prompt p ON p.id = v.prompt_id WHERE v.id = \(id)
            """)?.id("project_id")
    }

    func update(_ prompt: LibraryPrompt, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE prompt SET name = \(prompt.name), description = \(prompt.description) WHERE id = \(prompt.id)
            """)
        try touch(prompt, in: db)
    }

    func archive(_ prompt: LibraryPrompt, in db: any DatabaseConnection) throws {
        try db.execute("UPDATE prompt SET archived_at = \(Timestamp.now) WHERE id = \(prompt.id)")
        try touch(prompt, in: db)
    }

    /// Never the same moment twice, however quickly changes follow each other.
    func touch(_ prompt: LibraryPrompt, in db: any DatabaseConnection) throws {
        let moment = max(Timestamp.now, Timestamp(microseconds: prompt.updatedAt.microseconds + 1))
        try db.execute("UPDATE prompt SET updated_at = \(moment) WHERE id = \(prompt.id)")
    }

    func version(_ id: PromptVersion.ID, in db: any DatabaseConnection) throws -> PromptVersion? {
        try db.fetchOne("SELECT * FROM prompt_version WHERE id = \(id)").map(PromptVersion.init(row:))
    }

    func lastVersion(of prompt: Prompt.ID, in db: any DatabaseConnection) throws -> PromptVersion? {
        try db.fetchOne("SELECT * FROM prompt_version WHERE prompt_id = \(prompt) ORDER BY number DESC LIMIT 1")
            .map(PromptVersion.init(row:))
    }

    func versions(of prompt: Prompt.ID, _ page: PageRequest, in db: any DatabaseConnection) throws -> [PromptVersion] {
        let after: SQL = page.after.flatMap { Int($0.text) }.map { "AND number < \($0)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM prompt_version WHERE prompt_id = \(prompt) \(after) ORDER BY number DESC
            LIMIT \(page.limit + 1)
            """
        ).map(PromptVersion.init(row:))
    }

    func publish(_ version: PromptVersion, in db: any DatabaseConnection) throws {
        try db.execute("UPDATE prompt SET published_version_id = \(version.id) WHERE id = \(version.promptID)")
    }

    func setTag(_ name: String, to version: PromptVersion, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO prompt_tag (prompt_id, name, version_id, updated_at)
            VALUES (\(version.promptID), \(name), \(version.id), \(Timestamp.now))
            ON CONFLICT (prompt_id, name) DO UPDATE SET
                version_id = excluded.version_id, updated_at = excluded.updated_at
            """)
    }

    func removeTag(_ name: String, of prompt: Prompt.ID, in db: any DatabaseConnection) throws -> Bool {
        try db.execute("DELETE FROM prompt_tag WHERE prompt_id = \(prompt) AND name = \(name)") > 0
    }

    /// Marks the version that applications get with `tag=production`, by the prompt's name.
    func setProduction(_ version: PromptVersion, _ prompt: LibraryPrompt, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO production (project_id, prompt_name, version_id, marked_at)
            VALUES (\(prompt.project), \(prompt.name), \(version.id), \(Timestamp.now))
            ON CONFLICT (project_id, prompt_name) DO UPDATE SET
                version_id = excluded.version_id, marked_at = excluded.marked_at
            """)
    }

    func production(_ name: String, in project: ProjectID, _ db: any DatabaseConnection) throws -> PromptVersion? {
        try db.fetchOne(
            """
            SELECT v.* FROM production p JOIN prompt_version v ON v.id = p.version_id
            WHERE p.project_id = \(project) AND p.prompt_name = \(name)
            """
        ).map(PromptVersion.init(row:))
    }
}
