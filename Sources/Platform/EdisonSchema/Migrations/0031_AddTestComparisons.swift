import EdisonSQL

extension Schema {
    /// Among how many a tested version was chosen: a later test with more of them takes nothing from the earlier.
    static let addTestComparisons = Migration(
        31, "AddTestComparisons", ["ALTER TABLE holdout_test ADD COLUMN comparisons INTEGER NOT NULL DEFAULT 1"])
}
