package import EdisonCore
import EdisonSQL
import Foundation

/// Knows which workers there are: those that stay sign in, and out when they end; the others show by what they hold.
package struct WorkerRegister: Sendable {
    /// One that was not seen for so long is taken off the list.
    private static let forgotten: Duration = .seconds(600)

    private let queue: JobQueue

    package init(_ queue: JobQueue) { self.queue = queue }

    /// Signs a worker in, or tells that it is still there.
    package func sign(in worker: JobWorker) async throws {
        let kinds = JSONValue.array(worker.definitions.keys.map(\.name).sorted().map { .string($0) })
        try await queue.database.write { db in
            let now = try queue.time.now(db)
            try db.execute(
                """
                INSERT INTO worker (name, host, process, kinds, concurrency, started_at, seen_at)
                VALUES (\(worker.name), \(ProcessInfo.processInfo.hostName), \(Int(getpid())), \(kinds),
                        \(worker.settings.concurrency), \(now), \(now))
                ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at
                """)
            try db.execute("DELETE FROM worker WHERE seen_at < \(now.advanced(by: .zero - Self.forgotten))")
        }
    }

    package func sign(out worker: JobWorker) async throws {
        try await queue.database.write { db in try db.execute("DELETE FROM worker WHERE name = \(worker.name)") }
    }

    /// Those that have signed in, and those that hold a job.
    package func workers() async throws -> [WorkerRecord] {
        let (present, held) = try await queue.database.read { db in
            let rows = try db.fetch("SELECT * FROM worker ORDER BY started_at, name")
            let jobs = try db.fetch("SELECT * FROM job WHERE status = 'active' ORDER BY id").map { try Job($0) }
            return (try rows.map { (try $0.string("name"), try WorkerPresence($0)) }, jobs)
        }
        let byWorker = Dictionary(grouping: held) { $0.worker.map(WorkerLife.plainName(of:)) ?? "" }
        let known = Set(present.map(\.0))
        let others = byWorker.keys.filter { !known.contains($0) }.sorted().map { ($0, WorkerPresence?.none) }
        var records: [WorkerRecord] = []
        for (name, presence) in present.map({ ($0.0, Optional($0.1)) }) + others {
            records.append(
                WorkerRecord(
                    name: name, presence: presence, isAlive: try await isAlive(name), jobs: byWorker[name] ?? []))
        }
        return records
    }

    /// Whether it holds its lock.
    private func isAlive(_ worker: String) async throws -> Bool {
        guard let lock = try await queue.database.claim(WorkerLife.lock(of: worker)) else { return true }
        lock.release()
        return false
    }
}

extension WorkerPresence {
    init(_ row: Row) throws {
        self.init(
            host: try row.string("host"), process: try row.int("process"),
            kinds: (try row.json("kinds").array ?? []).compactMap(\.string).map { JobKind($0) },
            concurrency: try row.int("concurrency"), startedAt: try row.timestamp("started_at"),
            seenAt: try row.timestamp("seen_at"))
    }
}
