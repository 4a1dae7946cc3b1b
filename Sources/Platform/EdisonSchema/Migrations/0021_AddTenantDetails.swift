import EdisonSQL

extension Schema {
    static let addTenantDetails = Migration(
        21, "AddTenantDetails",
        [
            """
            ALTER TABLE organization ADD COLUMN tier TEXT NOT NULL DEFAULT 'free'
                CHECK (tier IN ('free', 'pro', 'enterprise'))
            """,
            "ALTER TABLE project ADD COLUMN description TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE project ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'",
            "ALTER TABLE project ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0",
            "UPDATE project SET updated_at = created_at",
        ])
}
