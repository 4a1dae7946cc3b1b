import Foundation
import Synchronization

/// Hears of what other processes store: a session that listens, on a thread of its own, since waiting blocks it.
///
/// A lost connection is made anew after ever longer waits, and whoever listens is told to look, since what was told
/// meanwhile is lost. A session may also be deaf, as behind a pooler that gives each transaction another session: it
/// calls itself now and then, and while it does not hear that, listeners look every second.
final class PostgresListener: NoticeSource {
    /// In milliseconds.
    private enum Wait {
        static let first: Int32 = 100
        static let longest: Int32 = 5_000
        static let untilEcho: Int32 = 1_000
        static let silence: Int32 = 30_000
    }

    private enum Phase { case running, stopping, ended }

    private let library: LibPQ
    private let address: String
    private let tell: @Sendable (Rumour) -> Void
    private let phase = Mutex(Phase.running)
    /// Ends a wait at once.
    private let wake: (read: Int32, write: Int32)

    init(_ library: LibPQ, _ address: String, _ tell: @escaping @Sendable (Rumour) -> Void) {
        self.library = library
        self.address = address
        self.tell = tell
        var ends: [Int32] = [-1, -1]
        wake = pipe(&ends) == 0 ? (ends[0], ends[1]) : (-1, -1)
        // The thread holds it until it has ended.
        Thread.detachNewThread { self.run() }
    }

    func stop() {
        phase.withLock { phase in
            guard phase == .running else { return }
            phase = .stopping
            var byte: UInt8 = 0
            if wake.write >= 0 { _ = write(wake.write, &byte, 1) }
        }
    }

    private var isStopping: Bool { phase.withLock { $0 != .running } }

    private func run() {
        var pause = Wait.first
        while !isStopping {
            // Why it failed is told by whatever else needs the database.
            try? follow { pause = Wait.first }
            if isStopping { break }
            _ = wait(nil, pause)
            pause = min(pause * 2, Wait.longest)
        }
        phase.withLock { phase in
            phase = .ended
            if wake.read >= 0 { close(wake.read) }
            if wake.write >= 0 { close(wake.write) }
        }
    }

    /// Until it is stopped; throws when the connection is lost.
    private func follow(connected: () -> Void) throws {
        let session = try PostgresConnection(library, address)
        let echo = "edison_echo_\(String(UInt64.random(in: 0...(.max)), radix: 36))"
        try session.listen(echo: echo)
        connected()
        tell(.unknown)
        try session.callOut(echo: echo)
        var isAwaitingEcho = true
        while !isStopping {
            let isSilent = !wait(session.socket, isAwaitingEcho ? Wait.untilEcho : Wait.silence)
            let (texts, isOwnCallHeard) = try session.heard(echo: echo)
            if isOwnCallHeard { isAwaitingEcho = false }
            for text in texts { tell(.text(text)) }
            guard isSilent, !isStopping else { continue }
            if isAwaitingEcho { tell(.unknown) }
            try session.callOut(echo: echo)
            isAwaitingEcho = true
        }
    }

    /// - Returns: whether something came, or it was stopped, within so many milliseconds.
    private func wait(_ socket: Int32?, _ milliseconds: Int32) -> Bool {
        // A negative number is none to wait for.
        var files = [wake.read, socket ?? -1].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        return poll(&files, nfds_t(files.count), milliseconds) != 0
    }
}
