import EdisonCore
import EdisonSQL
import EdisonSchema
import EdisonTestKit
import Testing

@Suite("Calls of builds that knew no payers")
struct PayerMigrationTests {
    @Test(
        "get the project of their run or key, and its maker; the rest was the command line's",
        arguments: TestDatabase.allCases)
    func filled(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await TestDatabase.migrate(database, through: 29)
            try await database.write { db in
                for statement in [
                    "INSERT INTO organization (id, slug, name, created_at) VALUES ('o', 'o', 'O', 0)",
                    "INSERT INTO project (id, organization_id, slug, name, created_at) VALUES ('p', 'o', 'p', 'P', 0)",
                    "INSERT INTO prompt (id, project_id, name, created_at) VALUES ('pr', 'p', 'n', 0)",
                    "INSERT INTO dataset (id, project_id, name, created_at) VALUES ('d', 'p', 'n', 0)",
                    """
                    INSERT INTO experiment (id, project_id, kind, identity, name, goal, definition, status, seed,
                        prompt_id, dataset_id, created_at)
                    VALUES ('e', 'p', 'eval', 'i', 'n', 'g', '{}', 'completed', 1, 'pr', 'd', 0)
                    """,
                    """
                    INSERT INTO experiment_source (experiment_id, document, created_by, updated_at)
                    VALUES ('e', '{}', 'ada', 0)
                    """,
                    """
                    INSERT INTO provider_credential (id, project_id, provider, label, config, is_active, created_at,
                        updated_at)
                    VALUES ('key', 'p', 'openai', 'l', '{}', 1, 0, 0)
                    """,
                ] as [SQL] { try db.execute(statement) }
                for (id, scope, credential) in [
                    ("1", "e", "openai"), ("2", "credential/key", "key"), ("3", "old", "openai"),
                ] {
                    try db.execute(
                        """
                        INSERT INTO model_call (id, call_key, scope, purpose, status, provider, credential, model,
                            request_hash, price_known, created_at)
                        VALUES (\(id), \(id), \(scope), 'execute', 'open', 'p', \(credential), 'm', 'h', 1, 0)
                        """)
                }
            }
            try await TestDatabase.migrate(database)
            let rows = try await database.read { try $0.fetch("SELECT * FROM model_call ORDER BY id") }
            #expect(try rows.map { try $0.string("project_id") } == ["p", "p", LocalTenant.project])
            #expect(try rows.map { try $0.optionalString("user_id") } == ["ada", nil, nil])
        }
    }
}
