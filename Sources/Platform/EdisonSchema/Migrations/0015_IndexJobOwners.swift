import EdisonSQL

extension Schema {
    static let indexJobOwners = Migration(
        15, "IndexJobOwners",
        [
            // The owner whose turn it is, and the latest turn, without reading all owners.
            "CREATE INDEX job_owner_turn ON job_owner (turn, name)",
            // An owner that goes, and its jobs with it.
            "CREATE INDEX job_of_owner ON job (owner)",
        ])
}
