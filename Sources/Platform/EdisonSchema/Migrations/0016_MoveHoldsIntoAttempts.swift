import EdisonSQL

extension Schema {
    /// An attempt holds the same of each of its budgets, so their names in its row say all that a row for each said.
    static let moveHoldsIntoAttempts = Migration(
        16, "MoveHoldsIntoAttempts",
        [
            // The ids, with a space between two.
            "ALTER TABLE model_attempt ADD COLUMN budgets TEXT NOT NULL DEFAULT ''",
            // Until now every call had one budget at most, that of its run.
            """
            UPDATE model_attempt SET budgets = COALESCE(
                (SELECT MIN(budget_id) FROM budget_hold WHERE attempt_id = model_attempt.id), '')
            """,
            "DROP TABLE budget_hold",
        ])
}
