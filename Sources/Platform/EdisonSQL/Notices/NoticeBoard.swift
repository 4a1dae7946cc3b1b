import Synchronization

/// Brings announcements to those who listen: of this process at once, of others by one source that is there only while
/// somebody listens, however many do.
final class NoticeBoard: Sendable {
    typealias Begin = @Sendable (_ tell: @escaping @Sendable (Rumour) -> Void) -> any NoticeSource

    private struct State {
        var listeners: [String: [Int: AsyncStream<Notice>.Continuation]] = [:]
        var last = 0
        var source: (any NoticeSource)?
        var isClosed = false
    }

    /// Who listens slowly is told to look.
    static let buffer = 1_024

    /// Names this process in what it tells others.
    let origin = String(UInt64.random(in: 0...(.max)), radix: 36)
    private let begin: Begin
    private let state = Mutex(State())

    init(_ begin: @escaping Begin) { self.begin = begin }

    deinit { state.withLock { $0.source }?.stop() }

    func listen(to channel: String) -> AsyncStream<Notice> {
        let (notices, continuation) = AsyncStream<Notice>.makeStream(bufferingPolicy: .bufferingNewest(Self.buffer))
        let number = state.withLock { state -> Int? in
            if state.isClosed { return nil }
            state.last += 1
            state.listeners[channel, default: [:]][state.last] = continuation
            if state.source == nil { state.source = begin { [weak self] in self?.hear($0) } }
            return state.last
        }
        guard let number else {
            continuation.finish()
            return notices
        }
        continuation.onTermination = { [weak self] _ in self?.remove(number, from: channel) }
        return notices
    }

    private func remove(_ number: Int, from channel: String) {
        let idle = state.withLock { state -> (any NoticeSource)? in
            state.listeners[channel]?[number] = nil
            if state.listeners[channel]?.isEmpty == true { state.listeners[channel] = nil }
            guard state.listeners.isEmpty else { return nil }
            defer { state.source = nil }
            return state.source
        }
        // Outside of the lock, which one that is just telling something may want.
        idle?.stop()
    }

    func tell(_ announcement: Announcement) { send(.payload(announcement.payload), to: announcement.channel) }

    private func hear(_ rumour: Rumour) {
        guard case .text(let text) = rumour else { return sendAll(.look) }
        let parts = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, parts[0] != origin else { return }
        send(parts.count > 2 ? .payload(parts[2]) : .look, to: parts[1])
    }

    private func send(_ notice: Notice, to channel: String) {
        let listening = state.withLock { $0.listeners[channel].map { Array($0.values) } ?? [] }
        for continuation in listening { Self.yield(notice, to: continuation) }
    }

    private func sendAll(_ notice: Notice) {
        let listening = state.withLock { $0.listeners.values.flatMap(\.values) }
        for continuation in listening { Self.yield(notice, to: continuation) }
    }

    private static func yield(_ notice: Notice, to continuation: AsyncStream<Notice>.Continuation) {
        if case .dropped = continuation.yield(notice) { continuation.yield(.look) }
    }

    func close() {
        let (listening, source) = state.withLock { state in
            state.isClosed = true
            defer { state.source = nil }
            return (state.listeners.values.flatMap(\.values), state.source)
        }
        for continuation in listening { continuation.finish() }
        source?.stop()
    }

    /// How many listen, of all channels.
    var count: Int { state.withLock { $0.listeners.values.reduce(0) { $0 + $1.count } } }
}
