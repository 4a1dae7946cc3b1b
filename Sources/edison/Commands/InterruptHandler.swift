import Dispatch
import Foundation

/// Turns Ctrl-C and SIGTERM into the cancellation of the run, so that it ends with everything written down. A second
/// Ctrl-C ends the process at once.
enum InterruptHandler {
    static func run<Value: Sendable>(
        saying words: String = "Stopping: calls under way are given up. (Once more ends at once.)",
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // `nonisolated(unsafe)`: a source runs its handler once at a time.
            nonisolated(unsafe) var count = 0
            source.setEventHandler {
                count += 1
                if count > 1 { leave(ExitStatus.interrupted.rawValue) }
                StandardError.line("\n\(words)")
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return try await task.value
    }
}
