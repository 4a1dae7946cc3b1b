import EdisonSQL

extension Schema {
    /// Why a run could not even begin: then it has no result that would say it.
    static let addExperimentFailure = Migration(
        37, "AddExperimentFailure", ["ALTER TABLE experiment ADD COLUMN failure TEXT"])
}
