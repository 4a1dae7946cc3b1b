/// A stream of events from a position on: stored ones first, then live ones, each once and in order.
///
/// It listens before it reads, so nothing falls between. What arrives twice has an old position and is left out; what
/// a full buffer dropped leaves a jump in the positions and is read from the table.
package struct EventFeed: AsyncSequence, Sendable {
    package typealias Element = Event

    let log: EventLog
    let hub: EventHub
    let stream: EventStream
    let position: Int64
    let buffer: Int

    package func makeAsyncIterator() -> Iterator {
        Iterator(
            log: log, stream: stream, position: position,
            signals: hub.signals(of: stream, buffer: buffer).makeAsyncIterator())
    }

    package struct Iterator: AsyncIteratorProtocol {
        private let log: EventLog
        private let stream: EventStream
        private var position: Int64
        private var signals: AsyncStream<EventHub.Signal>.Iterator
        /// Read from the table, the next one last.
        private var stored: [Event] = []
        private var isBehind = true

        init(
            log: EventLog, stream: EventStream, position: Int64, signals: AsyncStream<EventHub.Signal>.Iterator
        ) {
            self.log = log
            self.stream = stream
            self.position = position
            self.signals = signals
        }

        package mutating func next() async throws -> Event? {
            while true {
                if let event = stored.popLast() { return advance(to: event) }
                if isBehind {
                    stored = try await log.events(in: stream, after: position).reversed()
                    isBehind = !stored.isEmpty
                    continue
                }
                switch await signals.next() {
                case .event(let event) where event.position == position &+ 1: return advance(to: event)
                case .event(let event): isBehind = event.position > position
                case .news(let last): isBehind = last.map { $0 > position } ?? true
                case nil:
                    try Task.checkCancellation()
                    return nil
                }
            }
        }

        private mutating func advance(to event: Event) -> Event {
            position = event.position
            return event
        }
    }
}
