import EdisonSQL

extension Schema {
    static let createRepeatedRequests = Migration(
        19, "CreateRepeatedRequests",
        [
            """
            CREATE TABLE repeated_request (
                caller TEXT NOT NULL, idempotency_key TEXT NOT NULL, fingerprint TEXT NOT NULL, answer TEXT,
                created_at INTEGER NOT NULL, PRIMARY KEY (caller, idempotency_key)) STRICT
            """,
            "CREATE INDEX repeated_request_created ON repeated_request (created_at)",
        ])
}
