import Synchronization

/// Passes events on within this process: one bounded buffer for each follower.
///
/// A full buffer drops its oldest signal and nobody waits: a follower sees from the positions that something is
/// missing and reads it from the table.
final class EventHub: Sendable {
    enum Signal: Sendable {
        case event(Event)
        /// Something was stored that this process has not seen: up to that position, where it is known.
        case news(upTo: Int64?)
    }

    private struct Followers {
        var streams: [EventStream: [Int: AsyncStream<Signal>.Continuation]] = [:]
        var last = 0
        var isClosed = false
        /// What listens to other processes, while anybody follows.
        var listening: Task<Void, Never>?
    }

    private let followers = Mutex(Followers())
    private let listen: (@Sendable (EventHub) async -> Void)?

    /// - Parameter listen: goes on while anybody follows; then it is cancelled.
    init(listen: (@Sendable (EventHub) async -> Void)? = nil) { self.listen = listen }

    func signals(of stream: EventStream, buffer: Int) -> AsyncStream<Signal> {
        let (signals, continuation) = AsyncStream<Signal>.makeStream(bufferingPolicy: .bufferingNewest(max(1, buffer)))
        let number = followers.withLock { followers -> Int? in
            if followers.isClosed { return nil }
            followers.last += 1
            followers.streams[stream, default: [:]][followers.last] = continuation
            if followers.listening == nil, let listen { followers.listening = Task { await listen(self) } }
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
        let idle = followers.withLock { followers -> Task<Void, Never>? in
            followers.streams[stream]?[number] = nil
            if followers.streams[stream]?.isEmpty == true { followers.streams[stream] = nil }
            guard followers.streams.isEmpty else { return nil }
            defer { followers.listening = nil }
            return followers.listening
        }
        idle?.cancel()
    }

    func send(_ signal: Signal, to stream: EventStream) {
        let listening = followers.withLock { $0.streams[stream].map { Array($0.values) } ?? [] }
        for continuation in listening { continuation.yield(signal) }
    }

    func close() {
        let (listening, task) = followers.withLock { followers in
            followers.isClosed = true
            return (followers.streams.values.flatMap(\.values), followers.listening)
        }
        for continuation in listening { continuation.finish() }
        task?.cancel()
    }

    /// How many follow, of all streams.
    var count: Int { followers.withLock { $0.streams.values.reduce(0) { $0 + $1.count } } }

    /// Those that somebody follows.
    var streams: [EventStream] { followers.withLock { Array($0.streams.keys) } }
}
