import EdisonSQL

extension Schema {
    /// Which cases a run tested on at its end, by what they say: a hold-out that has decided before is worn.
    static let createHoldoutUses = Migration(
        11, "CreateHoldoutUses",
        [
            """
            CREATE TABLE holdout_use (
                experiment_id TEXT NOT NULL REFERENCES experiment (id), input_hash TEXT NOT NULL,
                PRIMARY KEY (experiment_id, input_hash)) STRICT
            """,
            "CREATE INDEX holdout_use_input ON holdout_use (input_hash)",
        ])
}
