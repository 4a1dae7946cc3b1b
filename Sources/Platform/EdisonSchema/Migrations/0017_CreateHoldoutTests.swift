import EdisonSQL

extension Schema {
    /// Which versions a run tested on its held-out cases. More than one where a run went on after its test, with a higher
    /// limit, and another version won.
    static let createHoldoutTests = Migration(
        17, "CreateHoldoutTests",
        [
            """
            CREATE TABLE holdout_test (
                experiment_id TEXT NOT NULL REFERENCES experiment (id), version_id TEXT NOT NULL,
                PRIMARY KEY (experiment_id, version_id)) STRICT
            """
        ])
}
