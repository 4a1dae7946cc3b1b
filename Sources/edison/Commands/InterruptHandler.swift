import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and SIGTERM into the cancellation of what runs, so that it ends with everything written down. A second
/// Ctrl-C ends the process at once, and so does the first where nothing runs.
enum InterruptHandler {
    static func run<Value: Sendable>(
        saying words: String = "Stopping: calls under way are given up. (Once more ends at once.)",
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        _ = sources
        let task = Task { try await work() }
        let mine = interruptible.withLock { state in
            state.last += 1
            state.running.append((state.last, words, { task.cancel() }))
            return state.last
        }
        defer { interruptible.withLock { state in state.running.removeAll { $0.number == mine } } }
        return try await task.value
    }

    private struct State {
        var running: [(number: Int, words: String, cancel: @Sendable () -> Void)] = []
        var last = 0
        /// The one that was interrupted last.
        var interrupted = 0
    }

    private static let interruptible = Mutex(State())

    /// For the whole life of the process: of two sources for one signal, one after the other, the second hears nothing.
    /// `nonisolated(unsafe)`: nothing touches them once they are made.
    nonisolated(unsafe) private static let sources = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { interrupt() }
        source.resume()
        return source
    }

    private static func interrupt() {
        let stopped = interruptible.withLock { state -> (words: String, cancel: @Sendable () -> Void)? in
            guard let running = state.running.last, state.interrupted != running.number else { return nil }
            state.interrupted = running.number
            return (running.words, running.cancel)
        }
        guard let stopped else { leave(ExitStatus.interrupted.rawValue) }
        StandardError.line("\n\(stopped.words)")
        stopped.cancel()
    }
}
