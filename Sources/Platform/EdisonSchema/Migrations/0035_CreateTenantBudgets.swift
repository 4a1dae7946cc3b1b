import EdisonSQL

extension Schema {
    static let createTenantBudgets = Migration(
        35, "CreateTenantBudgets",
        [
            // What a shared budget belongs to: an organization, or one of its projects, members or credentials.
            """
            CREATE TABLE tenant_budget (
                budget_id TEXT NOT NULL PRIMARY KEY REFERENCES budget (id) ON DELETE CASCADE,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                project_id TEXT REFERENCES project (id) ON DELETE CASCADE,
                user_id TEXT REFERENCES user_account (id) ON DELETE CASCADE,
                credential_id TEXT REFERENCES provider_credential (id) ON DELETE CASCADE,
                name TEXT NOT NULL, created_by TEXT, updated_at INTEGER NOT NULL) STRICT
            """,
            "CREATE INDEX tenant_budget_organization ON tenant_budget (organization_id, budget_id)",
            "CREATE INDEX tenant_budget_project ON tenant_budget (project_id) WHERE project_id IS NOT NULL",
            "CREATE INDEX tenant_budget_user ON tenant_budget (user_id) WHERE user_id IS NOT NULL",
            "CREATE INDEX tenant_budget_credential ON tenant_budget (credential_id) WHERE credential_id IS NOT NULL",
            // Each threshold that was reached. It outlives its budget: it tells what happened.
            """
            CREATE TABLE budget_alert (
                id TEXT NOT NULL PRIMARY KEY, budget_id TEXT NOT NULL,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                project_id TEXT REFERENCES project (id) ON DELETE CASCADE, threshold INTEGER NOT NULL,
                limit_nano INTEGER NOT NULL, used_nano INTEGER NOT NULL, period TEXT NOT NULL,
                period_start INTEGER NOT NULL, created_at INTEGER NOT NULL) STRICT
            """,
            "CREATE INDEX budget_alert_organization ON budget_alert (organization_id, id)",
            "CREATE INDEX budget_alert_project ON budget_alert (project_id, id) WHERE project_id IS NOT NULL",
        ])
}
