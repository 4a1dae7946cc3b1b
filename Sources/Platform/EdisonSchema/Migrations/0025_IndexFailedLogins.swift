import EdisonSQL

extension Schema {
    static let indexFailedLogins = Migration(
<<<<<<<< HEAD:Sources/Platform/EdisonSchema/Migrations/0025_IndexFailedLogins.swift
        25, "IndexFailedLogins",
========
        27, "IndexFailedLogins",
>>>>>>>> 7915fd0 (Log-ins and invitations are written down with their request; an id stands above a slug; erased bytes are wiped):Sources/Platform/EdisonSchema/Migrations/0027_IndexFailedLogins.swift
        [
            // Old ones are forgotten at each further failure.
            "CREATE INDEX failed_login_until ON failed_login (blocked_until)",
            // What a person made is looked for when that person leaves.
            "CREATE INDEX api_key_creator ON api_key (created_by)",
            "CREATE INDEX invitation_creator ON invitation (created_by)",
            "CREATE INDEX invitation_email ON invitation (email)",
        ])
}
