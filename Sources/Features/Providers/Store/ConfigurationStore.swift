import EdisonCore
import EdisonSQL

/// Model configurations as rows.
struct ConfigurationStore: Sendable {
    func insert(_ configuration: ModelConfiguration, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO model_configuration
                (id, project_id, name, provider, model, parameters, is_default, created_by, created_at, updated_at)
            VALUES
                (\(configuration.id), \(configuration.project), \(configuration.name), \(configuration.provider),
                 \(configuration.model), \(JSONValue.object(configuration.parameters)), \(configuration.isDefault),
                 \(configuration.creator), \(configuration.createdAt), \(configuration.updatedAt))
            """)
    }

    func update(_ configuration: ModelConfiguration, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE model_configuration SET
                name = \(configuration.name), provider = \(configuration.provider), model = \(configuration.model),
                parameters = \(JSONValue.object(configuration.parameters)), is_default = \(configuration.isDefault),
                updated_at = \(configuration.updatedAt)
            WHERE id = \(configuration.id)
            """)
    }

    /// Before another one takes its place.
    func clearDefault(of project: ProjectID, provider: String, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE model_configuration SET is_default = 0
            WHERE project_id = \(project) AND provider = \(provider) AND is_default = 1
            """)
    }

    func held(_ id: ModelConfiguration.ID, in db: any DatabaseConnection) throws -> ModelConfiguration? {
        try db.fetchOne("SELECT * FROM model_configuration WHERE id = \(id)\(db.dialect.lockRows)")
            .map(ModelConfiguration.init)
    }

    func project(of id: String, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne("SELECT project_id FROM model_configuration WHERE id = \(id)").map { try $0.id("project_id") }
    }

    /// Newest first.
    func list(
        of project: ProjectID, provider: String?, isDefault: Bool?, page: PageRequest, in db: any DatabaseConnection
    ) throws -> [ModelConfiguration] {
        let kind: SQL = provider.map { "AND provider = \($0)" } ?? ""
        let standard: SQL = isDefault.map { "AND is_default = \($0)" } ?? ""
        let rest: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM model_configuration WHERE project_id = \(project) \(kind) \(standard) \(rest)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(ModelConfiguration.init)
    }

    func delete(_ id: ModelConfiguration.ID, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM model_configuration WHERE id = \(id)")
    }
}

extension ModelConfiguration {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), name: try row.string("name"),
            provider: try row.string("provider"), model: try row.string("model"),
            parameters: try row.json("parameters").object ?? [:], isDefault: try row.bool("is_default"),
            creator: try row.optionalID("created_by"), createdAt: try row.timestamp("created_at"),
            updatedAt: try row.timestamp("updated_at"))
    }
}
