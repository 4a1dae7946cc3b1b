import EdisonSQL

extension Schema {
    static let createEvents = Migration(
        6, "CreateEvents",
        [
            // The counter outlives the events: a position is never given twice, even when old events are gone.
            """
            CREATE TABLE event_stream (
                name TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL CHECK (position > 0)) STRICT
            """,
            """
            CREATE TABLE event (
                stream TEXT NOT NULL REFERENCES event_stream (name), position INTEGER NOT NULL, kind TEXT NOT NULL,
                payload TEXT, recorded_at INTEGER NOT NULL, PRIMARY KEY (stream, position)) STRICT
            """,
            "CREATE INDEX event_recorded ON event (recorded_at)",
        ])
}
