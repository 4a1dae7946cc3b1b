import EdisonSQL

extension Schema {
    static let createCredentials = Migration(
        26, "CreateCredentials",
        [
            // `sealed_secret` is NULL where a provider wants no key; `config` holds nothing secret.
            """
            CREATE TABLE provider_credential (
                id TEXT NOT NULL PRIMARY KEY, project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
                provider TEXT NOT NULL, label TEXT NOT NULL, sealed_secret TEXT, key_hint TEXT, config TEXT NOT NULL,
                is_active INTEGER NOT NULL, rotation_days INTEGER CHECK (rotation_days > 0), key_set_at INTEGER,
                staged_secret TEXT, staged_hint TEXT, staged_at INTEGER, validated_at INTEGER, validation TEXT,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, UNIQUE (project_id, provider, label)) STRICT
            """,
            // How a credential does is counted from its calls.
            "CREATE INDEX model_call_credential ON model_call (credential, created_at)",
        ])
}
