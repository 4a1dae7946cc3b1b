import EdisonSQL

/// Hears of what other processes, and other logs of this one, record: for all who follow here together, so that their
/// number costs nothing outside of this process.
struct EventRelay: Sendable {
    let database: Database
    /// What this log records itself has been passed on already.
    let origin: String

    /// Until it is cancelled, or the database is closed.
    func run(_ hub: EventHub) async {
        var known: [EventStream: Int64] = [:]
        for await notice in database.listen(to: EventNotice.channel) {
            if case .payload(let text) = notice, let told = EventNotice(text) {
                if told.origin != origin { hub.send(.news(upTo: told.position), to: told.stream) }
            } else {
                known = await look(hub, known)
            }
        }
    }

    /// Reads how far the streams are that somebody follows; tells of those that have moved since the last look.
    private func look(_ hub: EventHub, _ known: [EventStream: Int64]) async -> [EventStream: Int64] {
        let streams = hub.streams
        var found: [EventStream: Int64] = [:]
        for start in stride(from: 0, to: streams.count, by: 500) {
            let some = Array(streams[start..<min(start + 500, streams.count)])
            guard let positions = await positions(of: some) else { return known }
            for stream in some {
                found[stream] = positions[stream] ?? 0
                // A stream that is not there has been removed, unless it has not begun.
                if positions[stream] == nil || positions[stream] != known[stream] {
                    hub.send(.news(upTo: positions[stream]), to: stream)
                }
            }
        }
        return found
    }

    /// Asks until the database answers; nil when it is cancelled.
    private func positions(of streams: [EventStream]) async -> [EventStream: Int64]? {
        while !Task.isCancelled {
            if let found = try? await database.read({ db in try EventLog.positions(of: streams, db) }) { return found }
            try? await Task.sleep(for: .seconds(1))
        }
        return nil
    }
}
