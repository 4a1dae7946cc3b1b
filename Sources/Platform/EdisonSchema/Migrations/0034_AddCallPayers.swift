import EdisonSQL

extension Schema {
    /// Whose money a call spent, written with the call: it must still be known when the run or the key is gone.
    static let addCallPayers = Migration(
        34, "AddCallPayers",
        [
            "ALTER TABLE model_call ADD COLUMN project_id TEXT",
            "ALTER TABLE model_call ADD COLUMN user_id TEXT",
            // Who started the run last, and pays for it.
            "ALTER TABLE experiment_source ADD COLUMN started_by TEXT",
            // What no experiment of the server made, the command line made in the project of those without a server.
            """
            UPDATE model_call SET
                project_id = COALESCE(
                    (SELECT project_id FROM experiment WHERE id = model_call.scope),
                    (SELECT project_id FROM provider_credential WHERE id = model_call.credential),
                    '\(LocalTenant.project)'),
                user_id = (SELECT created_by FROM experiment_source WHERE experiment_id = model_call.scope)
            """,
            "CREATE INDEX model_call_project ON model_call (project_id, created_at)",
            "CREATE INDEX model_attempt_lost ON model_attempt (call_id) WHERE status = 'lost'",
        ])
}
