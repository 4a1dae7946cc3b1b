import Dispatch
import Foundation
import GRDB

/// Notices that something was stored, by whichever process: SQLite counts for each connection the commits of others.
///
/// `@unchecked`: what changes is touched on its queue alone.
final class SQLiteWatch: NoticeSource, @unchecked Sendable {
    private static let interval = DispatchTimeInterval.milliseconds(200)

    private let path: String
    private let tell: @Sendable (Rumour) -> Void
    private let timer: any DispatchSourceTimer
    private let queue: DispatchQueue
    private var connection: DatabaseQueue?
    private var version: Int?
    private var isStopped = false

    /// - Parameter queue: a serial one.
    init(path: String, queue: DispatchQueue, _ tell: @escaping @Sendable (Rumour) -> Void) {
        self.path = path
        self.queue = queue
        self.tell = tell
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now(), repeating: Self.interval, leeway: .milliseconds(50))
        timer.setEventHandler { [weak self] in self?.look() }
        timer.activate()
    }

    deinit { timer.cancel() }

    /// Does not wait: whoever stops it may be one that is being cancelled, and a look that wakes that one would wait for
    /// it. The file is closed once what is on the queue is done.
    func stop() {
        timer.cancel()
        queue.async { [self] in
            isStopped = true
            try? connection?.close()
            connection = nil
        }
    }

    private func look() {
        // What fails here is told by whatever else needs the file; the next look is soon.
        guard !isStopped, let found = try? currentVersion(), found != version else { return }
        version = found
        tell(.unknown)
    }

    private func currentVersion() throws -> Int? {
        if connection == nil {
            var configuration = Configuration()
            configuration.readonly = true
            connection = try DatabaseQueue(path: path, configuration: configuration)
        }
        return try connection?.read { db in try Int.fetchOne(db, sql: "PRAGMA data_version") }
    }
}
