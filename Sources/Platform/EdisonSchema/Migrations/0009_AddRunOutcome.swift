import EdisonSQL

extension Schema {
    /// A list of runs must not read whole results, which hold every output.
    static let addRunOutcome = Migration(9, "AddRunOutcome", ["ALTER TABLE experiment ADD COLUMN outcome TEXT"])
}
