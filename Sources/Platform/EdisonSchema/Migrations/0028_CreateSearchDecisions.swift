import EdisonSQL

extension Schema {
    /// Whether a run's next iteration was to begin, or the rest of a limit was kept for the test at the end: what is
    /// spent afterwards must not change it.
    static let createSearchDecisions = Migration(
        28, "CreateSearchDecisions",
        [
            """
            CREATE TABLE search_decision (
                experiment_id TEXT NOT NULL REFERENCES experiment (id), iteration INTEGER NOT NULL,
                limits TEXT NOT NULL, reason TEXT, decided_at INTEGER NOT NULL,
                PRIMARY KEY (experiment_id, iteration)) STRICT
            """
        ])
}
