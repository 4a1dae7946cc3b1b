import EdisonCore
import EdisonJobs
import Synchronization

/// A time that a test moves by hand: whoever sleeps wakes when it has come that far.
final class ManualTime: Sendable {
    private struct State {
        var now = Timestamp(microseconds: 1_800_000_000_000_000)
        var sleepers: [Int: (until: Timestamp, wake: AsyncStream<Void>.Continuation)] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    var now: Timestamp { state.withLock(\.now) }
    /// How long each of those who sleep would still do so.
    var sleepers: [Duration] {
        state.withLock { state in state.sleepers.values.map { $0.until.duration(since: state.now) } }
    }

    var jobTime: JobTime { JobTime(now: { _ in self.now }, sleep: { try await self.sleep($0) }) }

    func advance(_ duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            return state.sleepers.filter { $0.value.until <= state.now }.map(\.value.wake)
        }
        for wake in woken { wake.finish() }
    }

    private func sleep(_ duration: Duration) async throws {
        let (wakes, continuation) = AsyncStream<Void>.makeStream()
        let number = state.withLock { state in
            state.last += 1
            state.sleepers[state.last] = (state.now.advanced(by: duration), continuation)
            return state.last
        }
        for await _ in wakes {}
        _ = state.withLock { $0.sleepers.removeValue(forKey: number) }
        try Task.checkCancellation()
    }
}

/// Waits, without a clock, for something that another task is about to do; gives up at the test's time limit.
func until(_ condition: () async throws -> Bool) async rethrows {
    while try await !condition(), !Task.isCancelled { await Task.yield() }
}

/// What the jobs of these tests do.
struct Chore: JobParameters, Hashable {
    static let kind: JobKind = "test.chore"
    var name: String

    init(_ name: String) { self.name = name }
    init(json: JSONValue) throws {
        guard let name = json["name"]?.string else { throw EdisonError(.invalid, "A chore has a name.") }
        self.name = name
    }
    var json: JSONValue { ["name": .string(name)] }
}

struct Errand: JobParameters {
    static let kind: JobKind = "test.errand"
    init() {}
    init(json: JSONValue) throws {}
    var json: JSONValue { .null }
}

struct Mishap: Error, CustomStringConvertible {
    let description: String
}
