import EdisonSQL

extension Schema {
    /// The newest ones of a project, page by page, without reading and sorting all that it has.
    static let indexLists = Migration(
        32, "IndexLists",
        [
            "CREATE INDEX prompt_list ON prompt (project_id, id) WHERE origin = 'library'",
            "CREATE INDEX dataset_list ON dataset (project_id, id) WHERE origin = 'library'",
            "CREATE INDEX experiment_list ON experiment (project_id, id)",
        ])
}
