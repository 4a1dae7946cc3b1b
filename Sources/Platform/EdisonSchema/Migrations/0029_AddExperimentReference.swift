import EdisonSQL

extension Schema {
    static let addExperimentReference = Migration(
        29, "AddExperimentReference",
        [
            // By what its maker finds an experiment again, such as the content of a file.
            "ALTER TABLE experiment_source ADD COLUMN reference TEXT",
            "CREATE INDEX experiment_source_reference ON experiment_source (reference)",
        ])
}
