import EdisonSQL

extension Schema {
    static let indexFailedLogins = Migration(
        25, "IndexFailedLogins",
        [
            // Old ones are forgotten at each further failure.
            "CREATE INDEX failed_login_until ON failed_login (blocked_until)",
            // What a person made is looked for when that person leaves.
            "CREATE INDEX api_key_creator ON api_key (created_by)",
            "CREATE INDEX invitation_creator ON invitation (created_by)",
            "CREATE INDEX invitation_email ON invitation (email)",
        ])
}
