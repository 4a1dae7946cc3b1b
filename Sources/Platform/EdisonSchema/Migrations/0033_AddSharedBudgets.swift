import EdisonSQL

extension Schema {
    /// Budgets that many runs share: each stands on an account, and may begin anew with each period.
    static let addSharedBudgets = Migration(
        33, "AddSharedBudgets",
        [
            // NULL: of one run. `since` is the first day (counted from 1970, in UTC) whose spending the counters hold.
            "ALTER TABLE budget ADD COLUMN account TEXT",
            """
            ALTER TABLE budget ADD COLUMN period TEXT NOT NULL DEFAULT 'total'
                CHECK (period IN ('day', 'month', '30_days', 'total'))
            """,
            "ALTER TABLE budget ADD COLUMN since INTEGER NOT NULL DEFAULT 0",
            // Thousandths of the limit, and those of them that were told already; `alert_nano` is the amount at which
            // the next one is due.
            "ALTER TABLE budget ADD COLUMN thresholds TEXT NOT NULL DEFAULT '[]'",
            "ALTER TABLE budget ADD COLUMN alerted TEXT NOT NULL DEFAULT '[]'",
            "ALTER TABLE budget ADD COLUMN alert_nano INTEGER",
            "CREATE UNIQUE INDEX budget_account ON budget (account, period) WHERE account IS NOT NULL",
            // What was spent on each day, so that a day can leave the counters again.
            """
            CREATE TABLE budget_day (
                budget_id TEXT NOT NULL REFERENCES budget (id) ON DELETE CASCADE, day INTEGER NOT NULL,
                spent_nano INTEGER NOT NULL, unconfirmed_nano INTEGER NOT NULL, PRIMARY KEY (budget_id, day)) STRICT
            """,
        ])
}
