import EdisonCore
import EdisonEvents
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// Writes events to one reader, at the reader's own speed: what it has not taken waits in the table, and who takes
/// nothing for long is let go, to come back with its last id.
///
/// It is a group of tasks and no merged sequence: an error that passes `merge(…).cancelOnGracefulShutdown()` ends the
/// process (swift-async-algorithms 1.1, swift-service-lifecycle 2.13).
final class EventDelivery: Sendable {
    /// The reader has taken nothing for too long; thrown so that the connection is closed, as nothing more fits into it.
    struct ReaderStalled: Error {}
    /// The reader may not read this any more: signed out, removed, a key that was revoked or has expired.
    struct RightsEnded: Error {}

    private struct Writing {
        var count = 0
        var since = ContinuousClock.now
        var last = ContinuousClock.now
    }

    /// How long a write may take once the server shuts down.
    private static let lastWrite: Duration = .milliseconds(500)

    private let heartbeat: Duration
    private let isStillAllowed: @Sendable () async throws -> Void
    /// Before an event goes out, rights are this old at most.
    private static let trust: Duration = .seconds(1)
    private let asked = Mutex(ContinuousClock.now)
    // `nonisolated(unsafe)`: a writer only hands buffers to the connection's queue, which takes them from any task.
    nonisolated(unsafe) private let writer: any ResponseBodyWriter
    private let writing = Mutex(Writing())

    init(
        _ writer: any ResponseBodyWriter, heartbeat: Duration,
        isStillAllowed: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.isStillAllowed = isStillAllowed
        self.writer = writer
        self.heartbeat = heartbeat
    }

    /// One whole frame.
    func write(_ text: String) async throws {
        writing.withLock { writing in
            if writing.count == 0 { writing.since = .now }
            writing.count += 1
        }
        defer {
            writing.withLock { writing in
                writing.count -= 1
                writing.last = .now
            }
        }
        var writer = writer
        try await writer.write(ByteBuffer(string: text))
    }

    func finish() async throws { try await writer.finish(nil) }

    /// Until the last event, the end of the feed, or the server's; throws when the reader has gone or stalled.
    func send(
        _ feed: EventFeed, on connection: RequestBodyStream?, isLast: @escaping @Sendable (Event) -> Bool
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { [self] in
                for try await event in feed {
                    if asked.withLock({ $0.duration(to: .now) > Self.trust }) { try await ask() }
                    try await write(event.frame)
                    if isLast(event) { return }
                }
            }
            group.addTask { [self] in try await beat() }
            group.addTask { [self] in try await watch() }
            group.addTask { [self] in try await untilShutdown() }
            if let connection {
                group.addTask {
                    await connection.untilGone()
                    throw CancellationError()
                }
            }
            try await group.next()
        }
    }

    private func ask() async throws {
        do { try await isStillAllowed() } catch let error as EdisonError
            where [.unauthenticated, .forbidden, .notFound].contains(error.code)
        { throw RightsEnded() }
        asked.withLock { $0 = .now }
    }

    /// Breaks silence.
    private func beat() async throws {
        while true {
            let silence = writing.withLock(\.last).duration(to: .now)
            try await Task.sleep(for: silence < heartbeat ? heartbeat - silence : heartbeat)
            let isSilent = writing.withLock { $0.count == 0 && $0.last.duration(to: .now) >= heartbeat }
            try await ask()
            if isSilent { try await write(": \n\n") }
        }
    }

    /// One write may take two heartbeats.
    private func watch() async throws {
        while true {
            try await Task.sleep(for: heartbeat)
            let isStalled = writing.withLock { $0.count > 0 && $0.since.duration(to: .now) > heartbeat * 2 }
            if isStalled { throw ReaderStalled() }
        }
    }

    private func untilShutdown() async throws {
        try await gracefulShutdown()
        if writing.withLock({ $0.count == 0 }) { return }
        try await Task.sleep(for: Self.lastWrite)
        if writing.withLock({ $0.count > 0 }) { throw ReaderStalled() }
    }
}
