import EdisonSQL

extension Schema {
    static let createWebhooks = Migration(
        38, "CreateWebhooks",
        [
            // The address is a secret, too: whoever knows it can write to a channel.
            """
            CREATE TABLE webhook (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                project_id TEXT REFERENCES project (id) ON DELETE CASCADE,
                kind TEXT NOT NULL CHECK (kind IN ('webhook', 'slack')), name TEXT NOT NULL, shown_url TEXT NOT NULL,
                sealed_url TEXT NOT NULL, sealed_secret TEXT, previous_secret TEXT, previous_until INTEGER,
                events TEXT NOT NULL, is_active INTEGER NOT NULL, fault TEXT, created_by TEXT,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT
            """,
            "CREATE INDEX webhook_organization ON webhook (organization_id, id)",
            "CREATE INDEX webhook_project ON webhook (project_id) WHERE project_id IS NOT NULL",
            """
            CREATE TABLE webhook_delivery (
                id TEXT NOT NULL PRIMARY KEY, webhook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
                event TEXT NOT NULL, body TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'failed')), attempts INTEGER NOT NULL,
                failures INTEGER NOT NULL, next_attempt_at INTEGER, created_at INTEGER NOT NULL,
                finished_at INTEGER) STRICT
            """,
            "CREATE INDEX webhook_delivery_webhook ON webhook_delivery (webhook_id, id)",
            "CREATE INDEX webhook_delivery_finished ON webhook_delivery (finished_at) WHERE finished_at IS NOT NULL",
            """
            CREATE TABLE webhook_attempt (
                delivery_id TEXT NOT NULL REFERENCES webhook_delivery (id) ON DELETE CASCADE, number INTEGER NOT NULL,
                at INTEGER NOT NULL, duration_us INTEGER NOT NULL, status INTEGER, error TEXT, answer TEXT NOT NULL,
                PRIMARY KEY (delivery_id, number)) STRICT
            """,
        ])
}
