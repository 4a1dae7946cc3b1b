import EdisonSQL

extension Schema {
    static let createSafetyScan = Migration(
        8, "CreateSafetyScan",
        [
            """
            CREATE TABLE safety_scan (
                scope TEXT NOT NULL, text_hash TEXT NOT NULL, flags TEXT NOT NULL, evidence TEXT NOT NULL,
                valid INTEGER NOT NULL, invalid_reason TEXT, cost_nano INTEGER, created_at INTEGER NOT NULL,
                PRIMARY KEY (scope, text_hash)) STRICT
            """
        ])
}
