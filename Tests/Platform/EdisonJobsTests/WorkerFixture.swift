import EdisonCore
import EdisonJobs
import EdisonTestKit
import Synchronization

/// A worker whose chores do what the test says, and what it told of its work.
struct WorkerFixture {
    let fixture: QueueFixture
    let worker: JobWorker
    let journal: Journal

    static func on(
        _ kind: TestDatabase, settings: JobWorker.Settings = .init(), timeLimit: Duration = .seconds(3_600),
        chore: @escaping @Sendable (Chore, JobContext) async throws -> Void,
        _ use: (WorkerFixture) async throws -> Void
    ) async throws {
        try await QueueFixture.on(kind) { fixture in
            let journal = Journal()
            let definition = JobDefinition(
                Chore.self, retry: RetryStrategy(first: .seconds(10), jitter: 0), timeLimit: timeLimit, perform: chore)
            let worker = JobWorker(
                "w", queue: fixture.queue, definitions: [definition], settings: settings, random: { 0 },
                observe: { journal.add($0) })
            try await use(WorkerFixture(fixture: fixture, worker: worker, journal: journal))
        }
    }

    /// Moves the time on once all who wait for it do, so that none misses it.
    func advance(_ duration: Duration, sleepers: Int) async {
        await until { fixture.time.sleepers.count >= sleepers }
        fixture.time.advance(duration)
    }
}

/// The events of a worker, as words.
final class Journal: Sendable {
    private let events = Mutex<[String]>([])

    var lines: [String] { events.withLock(\.self) }

    func count(_ line: String) -> Int { lines.count { $0 == line } }

    func add(_ event: JobEvent) {
        let line =
            switch event {
            case .started: "started"
            case .completed: "completed"
            case .failed(_, let status, let error): "\(status) \(error)"
            case .cancelled: "cancelled"
            case .released: "released"
            case .lost: "lost"
            case .trouble(let error): "trouble \(error)"
            }
        events.withLock { $0.append(line) }
    }
}

/// Holds jobs until the test lets them go; counts how many are inside.
final class Gate: Sendable {
    private struct State {
        var inside = 0
        var most = 0
        var isOpen = false
        var held: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    var inside: Int { state.withLock(\.inside) }
    var most: Int { state.withLock(\.most) }

    func open() {
        let held = state.withLock { state in
            state.isOpen = true
            return state.held
        }
        for continuation in held { continuation.finish() }
    }

    func pass() async throws {
        let (opening, continuation) = AsyncStream<Void>.makeStream()
        let isOpen = state.withLock { state in
            state.inside += 1
            state.most = max(state.most, state.inside)
            state.held.append(continuation)
            return state.isOpen
        }
        defer { state.withLock { $0.inside -= 1 } }
        if isOpen { continuation.finish() }
        for await _ in opening {}
        try Task.checkCancellation()
    }
}
