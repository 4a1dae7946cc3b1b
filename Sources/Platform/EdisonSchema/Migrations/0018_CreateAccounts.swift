import EdisonSQL

extension Schema {
    static let createAccounts = Migration(
        18, "CreateAccounts",
        [
            """
            CREATE TABLE user_account (
                id TEXT NOT NULL PRIMARY KEY, email TEXT UNIQUE, name TEXT, password_hash TEXT,
                role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'editor', 'admin', 'owner')),
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, erased_at INTEGER) STRICT
            """,
            """
            CREATE TABLE organization_member (
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                user_id TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
                role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'editor', 'admin', 'owner')),
                created_at INTEGER NOT NULL, PRIMARY KEY (organization_id, user_id)) STRICT
            """,
            "CREATE INDEX organization_member_user ON organization_member (user_id)",
            """
            CREATE TABLE project_member (
                project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
                user_id TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
                role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'editor', 'admin', 'owner')),
                created_at INTEGER NOT NULL, PRIMARY KEY (project_id, user_id)) STRICT
            """,
            "CREATE INDEX project_member_user ON project_member (user_id)",
            // Of the refresh tokens of a session the newest and the one before are known: the older one, used again,
            // shows that it was stolen.
            """
            CREATE TABLE user_session (
                id TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
                kind TEXT NOT NULL CHECK (kind IN ('api', 'page')), token_digest TEXT NOT NULL UNIQUE,
                client TEXT, created_at INTEGER NOT NULL, used_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                revoked_at INTEGER) STRICT
            """,
            "CREATE INDEX user_session_user ON user_session (user_id)",
            """
            CREATE TABLE spent_token (
                token_digest TEXT NOT NULL PRIMARY KEY,
                session_id TEXT NOT NULL REFERENCES user_session (id) ON DELETE CASCADE, spent_at INTEGER NOT NULL) STRICT
            """,
            """
            CREATE TABLE api_key (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                project_id TEXT REFERENCES project (id) ON DELETE CASCADE, name TEXT NOT NULL, hint TEXT NOT NULL,
                token_digest TEXT NOT NULL UNIQUE,
                role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'editor', 'admin', 'owner')),
                scopes TEXT NOT NULL, created_by TEXT REFERENCES user_account (id), created_at INTEGER NOT NULL,
                expires_at INTEGER, used_at INTEGER, revoked_at INTEGER) STRICT
            """,
            "CREATE INDEX api_key_organization ON api_key (organization_id)",
            """
            CREATE TABLE invitation (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE, email TEXT NOT NULL,
                role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'editor', 'admin', 'owner')),
                token_digest TEXT NOT NULL UNIQUE,
                status TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'declined', 'revoked')),
                created_by TEXT REFERENCES user_account (id), created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                answered_at INTEGER) STRICT
            """,
            "CREATE INDEX invitation_organization ON invitation (organization_id)",
            "CREATE UNIQUE INDEX invitation_open ON invitation (organization_id, email) WHERE status = 'pending'",
            // A link that signs in once: that of the first owner, and of one who is locked out.
            """
            CREATE TABLE login_link (
                token_digest TEXT NOT NULL PRIMARY KEY, user_id TEXT REFERENCES user_account (id) ON DELETE CASCADE,
                created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER) STRICT
            """,
            """
            CREATE TABLE failed_login (
                name TEXT NOT NULL PRIMARY KEY, failures INTEGER NOT NULL, blocked_until INTEGER NOT NULL) STRICT
            """,
        ])
}
