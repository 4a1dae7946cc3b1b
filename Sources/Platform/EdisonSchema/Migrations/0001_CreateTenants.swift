import EdisonSQL

extension Schema {
    static let createTenants = Migration(
        1, "CreateTenants",
        [
            """
            CREATE TABLE organization (
                id TEXT NOT NULL PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
                created_at INTEGER NOT NULL) STRICT
            """,
            """
            CREATE TABLE project (
                id TEXT NOT NULL PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES organization (id),
                slug TEXT NOT NULL, name TEXT NOT NULL, created_at INTEGER NOT NULL,
                UNIQUE (organization_id, slug)) STRICT
            """,
            """
            INSERT INTO organization (id, slug, name, created_at)
            VALUES ('\(LocalTenant.organization)', 'local', 'Local', 0)
            """,
            """
            INSERT INTO project (id, organization_id, slug, name, created_at)
            VALUES ('\(LocalTenant.project)', '\(LocalTenant.organization)', 'default', 'Default', 0)
            """,
        ])
}
