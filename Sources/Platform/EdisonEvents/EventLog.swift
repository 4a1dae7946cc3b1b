package import EdisonCore
package import EdisonSQL

/// The outbox: events are written in the transaction of the change that they tell of, so there is never one without
/// the other, and whoever follows a stream misses none.
///
/// What must happen because of an event (a web hook, a message) is a job that the same transaction enqueues; following
/// is for what may be looked at, such as a page that is open.
package struct EventLog: Sendable {
    private let database: Database
    private let hub: EventHub
    /// Names this log in what it tells others.
    private let origin = String(UInt64.random(in: 0...(.max)), radix: 36)
    private let now: @Sendable () -> Timestamp

    package init(database: Database, now: @escaping @Sendable () -> Timestamp = { Timestamp.now }) {
        self.database = database
        self.now = now
        let relay = EventRelay(database: database, origin: origin)
        hub = EventHub { await relay.run($0) }
    }

    /// Records an event inside the caller's transaction; followers, in all processes, hear of it once that is stored.
    ///
    /// The stream's counter stays locked until then, which is what keeps positions in the order of the commits.
    @discardableResult
    package func record(
        _ kind: EventKind, _ payload: JSONValue = .null, in stream: EventStream, _ db: any DatabaseConnection
    ) throws -> Event {
        let counter = try db.fetchOne(
            """
            INSERT INTO event_stream (name, position) VALUES (\(stream.name), 1)
            ON CONFLICT (name) DO UPDATE SET position = event_stream.position + 1
            RETURNING position
            """)
        guard let counter else { throw EdisonError(.internal, "The event stream \(stream) has no counter.") }
        let event = Event(
            stream: stream, position: try counter.int64("position"), kind: kind, payload: payload, recordedAt: now())
        try db.execute(
            """
            INSERT INTO event (stream, position, kind, payload, recorded_at)
            VALUES (\(stream.name), \(event.position), \(kind.name), \(payload), \(event.recordedAt))
            """)
        db.afterCommit { [hub] in hub.send(.event(event), to: stream) }
        db.notify(
            EventNotice.channel, EventNotice(origin: origin, position: event.position, stream: stream).text)
        return event
    }

    /// The events after a position and then, for as long as it is read, those to come: each once, in order, no gap.
    /// Position 0 is the beginning. Fails with `gone` when the next event is no longer kept.
    package func follow(_ stream: EventStream, after position: Int64, buffer: Int = 256) -> EventFeed {
        EventFeed(log: self, hub: hub, stream: stream, position: position, buffer: buffer)
    }

    /// Has followers of a stream look into the table, when something was stored past this log.
    package func announce(_ stream: EventStream) { hub.send(.news(upTo: nil), to: stream) }

    /// How many follow here, of all streams.
    package var followers: Int { hub.count }

    /// Ends every feed, so that connections can close.
    package func close() { hub.close() }

    /// The last position that was given in a stream; 0 when there is none.
    package func position(of stream: EventStream) async throws -> Int64 {
        try await database.read { db in try Self.position(of: stream, db) }
    }

    /// At most `limit` events after a position, oldest first.
    package func events(in stream: EventStream, after position: Int64, limit: Int = 200) async throws -> [Event] {
        try await database.read { db in
            let events = try db.fetch(
                """
                SELECT position, kind, payload, recorded_at FROM event
                WHERE stream = \(stream.name) AND position > \(position) ORDER BY position LIMIT \(limit)
                """
            ).map { try Event($0, in: stream) }
            let last = try events.isEmpty ? Self.position(of: stream, db) : position
            // A position that nobody was given may be the largest number there is.
            let next = position &+ 1
            guard events.first?.position ?? next == next, last == position else {
                throw EdisonError(
                    .gone, "The events after position \(position) are no longer kept.",
                    detail: "Load what is shown anew, and follow from its position.")
            }
            return events
        }
    }

    /// The same, as of an open transaction.
    package static func position(of stream: EventStream, _ db: any DatabaseConnection) throws -> Int64 {
        try db.fetchOne("SELECT position FROM event_stream WHERE name = \(stream.name)")?.int64("position") ?? 0
    }

    /// Of those of these streams that have begun.
    static func positions(of streams: [EventStream], _ db: any DatabaseConnection) throws -> [EventStream: Int64] {
        let rows = try db.fetch(
            "SELECT name, position FROM event_stream WHERE name IN (\(list: streams.map(\.name)))")
        return Dictionary(
            try rows.map { (EventStream(try $0.string("name")), try $0.int64("position")) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Removes a whole stream, counter and all: what it told of is gone and never comes back under this name.
    package static func delete(_ stream: EventStream, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM event WHERE stream = \(stream.name)")
        try db.execute("DELETE FROM event_stream WHERE name = \(stream.name)")
        // Told as a change of unknown kind: whoever follows looks, and finds it gone.
        db.notify(EventNotice.channel, "")
    }

    /// Deletes what was recorded before a moment, from the beginning of each stream on, so that no gap arises inside.
    /// A few streams at a time, so that nobody waits long for the database.
    @discardableResult
    package func forget(before moment: Timestamp) async throws -> Int {
        var forgotten = 0
        while true {
            let (streams, deleted) = try await database.write { db in
                let rows = try db.fetch(
                    """
                    SELECT stream, MAX(position) AS last FROM event WHERE recorded_at < \(moment)
                    GROUP BY stream ORDER BY stream LIMIT 50
                    """)
                return (
                    rows.count,
                    try rows.reduce(0) { count, row in
                        count
                            + (try db.execute(
                                """
                                DELETE FROM event
                                WHERE stream = \(try row.string("stream")) AND position <= \(try row.int64("last"))
                                """))
                    }
                )
            }
            forgotten += deleted
            if streams == 0 { return forgotten }
        }
    }
}

extension Event {
    fileprivate init(_ row: Row, in stream: EventStream) throws {
        self.init(
            stream: stream, position: try row.int64("position"), kind: EventKind(try row.string("kind")),
            payload: try row.json("payload"), recordedAt: try row.timestamp("recorded_at"))
    }
}
