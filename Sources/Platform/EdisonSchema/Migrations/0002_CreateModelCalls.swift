import EdisonSQL

extension Schema {
    static let createModelCalls = Migration(
        2, "CreateModelCalls",
        [
            """
            CREATE TABLE budget (
                id TEXT NOT NULL PRIMARY KEY, scope TEXT NOT NULL UNIQUE,
                limit_nano INTEGER CHECK (limit_nano >= 0), limit_tokens INTEGER, limit_calls INTEGER,
                spent_nano INTEGER NOT NULL DEFAULT 0, reserved_nano INTEGER NOT NULL DEFAULT 0,
                unconfirmed_nano INTEGER NOT NULL DEFAULT 0,
                spent_tokens INTEGER NOT NULL DEFAULT 0, reserved_tokens INTEGER NOT NULL DEFAULT 0,
                spent_calls INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL) STRICT
            """,
            """
            CREATE TABLE model_call (
                id TEXT NOT NULL PRIMARY KEY, call_key TEXT NOT NULL UNIQUE, scope TEXT NOT NULL,
                purpose TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('open', 'answered', 'failed')),
                provider TEXT NOT NULL, credential TEXT NOT NULL, model TEXT NOT NULL, served_by TEXT,
                request_hash TEXT NOT NULL, answer TEXT, failure TEXT, finish_reason TEXT,
                input_tokens INTEGER NOT NULL DEFAULT 0, output_tokens INTEGER NOT NULL DEFAULT 0,
                cost_nano INTEGER, price_known INTEGER NOT NULL, cached INTEGER NOT NULL DEFAULT 0,
                attempts INTEGER NOT NULL DEFAULT 0, latency_us INTEGER NOT NULL DEFAULT 0, tags TEXT,
                created_at INTEGER NOT NULL, finished_at INTEGER) STRICT
            """,
            "CREATE INDEX model_call_scope ON model_call (scope, purpose)",
            """
            CREATE TABLE model_attempt (
                id TEXT NOT NULL PRIMARY KEY, call_id TEXT NOT NULL REFERENCES model_call (id),
                status TEXT NOT NULL CHECK (status IN ('sent', 'settled', 'lost')), process TEXT NOT NULL,
                reserved_nano INTEGER NOT NULL, reserved_tokens INTEGER NOT NULL, cost_nano INTEGER,
                input_tokens INTEGER, cache_read_tokens INTEGER, cache_write_tokens INTEGER, output_tokens INTEGER,
                reasoning_tokens INTEGER, http_status INTEGER, failure TEXT,
                sent_at INTEGER NOT NULL, settled_at INTEGER) STRICT
            """,
            "CREATE INDEX model_attempt_call ON model_attempt (call_id)",
            "CREATE INDEX model_attempt_open ON model_attempt (process) WHERE status = 'sent'",
            """
            CREATE TABLE budget_hold (
                attempt_id TEXT NOT NULL REFERENCES model_attempt (id), budget_id TEXT NOT NULL REFERENCES budget (id),
                amount_nano INTEGER NOT NULL, amount_tokens INTEGER NOT NULL,
                PRIMARY KEY (attempt_id, budget_id)) STRICT
            """,
            """
            CREATE TABLE response_cache (
                cache_key TEXT NOT NULL PRIMARY KEY, answer TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT
            """,
        ])
}
