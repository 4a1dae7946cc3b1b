import EdisonSQL

/// What one process tells the others of an event: which log recorded it, and where it stands.
struct EventNotice: Hashable, Sendable {
    static let channel = "event"

    let origin: String
    let position: Int64
    let stream: EventStream

    var text: String { "\(origin) \(position) \(stream.name)" }

    init(origin: String, position: Int64, stream: EventStream) {
        self.origin = origin
        self.position = position
        self.stream = stream
    }

    /// nil when it is nothing of the kind, as from a newer program.
    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 2)
        guard parts.count == 3, let position = Int64(parts[1]) else { return nil }
        self.init(origin: String(parts[0]), position: position, stream: EventStream(String(parts[2])))
    }
}
