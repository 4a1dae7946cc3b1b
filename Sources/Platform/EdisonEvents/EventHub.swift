import Synchronization

/// Passes events on within this process: one bounded buffer for each follower.
///
/// A full buffer drops its oldest signal and nobody waits: a follower sees from the positions that something is
/// missing and reads it from the table.
final class EventHub: Sendable {
    enum Signal: Sendable {
        case event(Event)
        /// Something was stored that this process has not seen.
        case news
    }

    private struct Followers {
        var streams: [EventStream: [Int: AsyncStream<Signal>.Continuation]] = [:]
        var last = 0
        var isClosed = false
    }

    private let followers = Mutex(Followers())

    func signals(of stream: EventStream, buffer: Int) -> AsyncStream<Signal> {
        let (signals, continuation) = AsyncStream<Signal>.makeStream(bufferingPolicy: .bufferingNewest(max(1, buffer)))
        let number = followers.withLock { followers -> Int? in
            if followers.isClosed { return nil }
            followers.last += 1
            followers.streams[stream, default: [:]][followers.last] = continuation
            return followers.last
        }
        guard let number else {
            continuation.finish()
            return signals
        }
        continuation.onTermination = { [weak self] _ in self?.remove(number, from: stream) }
        return signals
    }

    private func remove(_ number: Int, from stream: EventStream) {
        followers.withLock { followers in
            followers.streams[stream]?[number] = nil
            if followers.streams[stream]?.isEmpty == true { followers.streams[stream] = nil }
        }
    }

    func send(_ signal: Signal, to stream: EventStream) {
        let listening = followers.withLock { $0.streams[stream].map { Array($0.values) } ?? [] }
        for continuation in listening { continuation.yield(signal) }
    }

    func close() {
        let listening = followers.withLock { followers in
            followers.isClosed = true
            return followers.streams.values.flatMap(\.values)
        }
        for continuation in listening { continuation.finish() }
    }

    /// How many follow, of all streams.
    var count: Int { followers.withLock { $0.streams.values.reduce(0) { $0 + $1.count } } }
}
