import EdisonSQL

extension Schema {
    static let createModelPrices = Migration(
        27, "CreateModelPrices",
        [
            // Nano-dollars for a million tokens. A price holds from its date on, until the next one.
            """
            CREATE TABLE model_price (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE, provider TEXT NOT NULL,
                model TEXT NOT NULL, since INTEGER NOT NULL, input_nano INTEGER NOT NULL CHECK (input_nano >= 0),
                output_nano INTEGER NOT NULL CHECK (output_nano >= 0), cached_input_nano INTEGER,
                cache_write_nano INTEGER, reasoning_nano INTEGER, source TEXT NOT NULL, created_at INTEGER NOT NULL,
                UNIQUE (organization_id, provider, model, since)) STRICT
            """,
            """
            CREATE TABLE model_configuration (
                id TEXT NOT NULL PRIMARY KEY, project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
                name TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, parameters TEXT NOT NULL,
                is_default INTEGER NOT NULL, created_by TEXT REFERENCES user_account (id) ON DELETE SET NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, UNIQUE (project_id, name)) STRICT
            """,
            """
            CREATE UNIQUE INDEX model_configuration_default ON model_configuration (project_id, provider)
                WHERE is_default = 1
            """,
        ])
}
