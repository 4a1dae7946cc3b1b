import EdisonSQL

extension Schema {
    /// Cases that a model wrote to fail a prompt wait for a person; every case before was a person's word.
    static let addCaseConfirmation = Migration(
        13, "AddCaseConfirmation",
        ["ALTER TABLE test_case ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1"])
}
