import EdisonTestKit
import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// Another process on the same queue: this test program, started again with a part to play.
final class QueueProcess: Sendable {
    enum Part: String {
        /// Takes jobs, as a worker does, until none is due.
        case work
        /// Claims a job with a lease of two seconds and says no more.
        case hold
        /// Runs a job that never ends, as a worker that shows that it lives.
        case hang
        /// Ticks by the clock in the database.
        case tick
        /// Ticks, and dies between the move of a schedule's due time and the queueing of the job.
        case dieInTick
    }

    private enum State {
        case starting
        case running(ProcessIdentifier)
        case ended(TerminationStatus)
        case failed(any Error)
    }

    let name: String
    private let output: FilePath
    private let state = Mutex(State.starting)

    private static let variable = "EDISON_TEST_QUEUE_PART"

    /// The part that this process was started for.
    static var given: (part: Part, name: String, place: String)? {
        guard let words = ProcessInfo.processInfo.environment[variable]?.split(separator: "|", maxSplits: 2),
            words.count == 3, let part = Part(rawValue: String(words[0]))
        else { return nil }
        return (part, String(words[1]), String(words[2]))
    }

    /// Starts a process that runs one test, of which it plays the given part.
    init(_ part: Part, _ name: String, on place: String) async throws {
        self.name = name
        output = FilePath("\(NSTemporaryDirectory())/edison-test-\(UUID().uuidString).log")
        let arguments = CommandLine.arguments
        let bundle = arguments.firstIndex(of: "--test-bundle-path").map { Array(arguments[$0...].prefix(2)) } ?? []
        let words =
            bundle + ["--testing-library", "swift-testing", "--filter", "EdisonJobsTests.ProcessTests/playsItsPart"]
        let environment = Environment.inherit.updating(
            [.init(stringLiteral: Self.variable): "\(part.rawValue)|\(name)|\(place)"])
        let file = try FileDescriptor.open(
            output, .writeOnly, options: [.create], permissions: [.ownerReadWrite])
        Task { [self] in
            do {
                let result = try await Subprocess.run(
                    .path(FilePath(Bundle.main.executablePath ?? "")), arguments: Arguments(words),
                    environment: environment, input: .none,
                    output: .fileDescriptor(file, closeAfterSpawningProcess: true),
                    error: .combinedWithOutput
                ) { execution in
                    state.withLock { $0 = .running(execution.processIdentifier) }
                }
                state.withLock { $0 = .ended(result.terminationStatus) }
            } catch { state.withLock { $0 = .failed(error) } }
        }
        while case .starting = state.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
    }

    var isRunning: Bool {
        if case .running = state.withLock({ $0 }) { true } else { false }
    }

    func kill() {
        if case .running(let id) = state.withLock({ $0 }) { _ = Foundation.kill(id.value, SIGKILL) }
    }

    /// How it ended: nil when well, otherwise the signal or the status with what it printed.
    func end() async throws -> String? {
        while isRunning { try await Task.sleep(for: .milliseconds(5)) }
        defer { try? FileManager.default.removeItem(atPath: output.string) }
        let said = (try? String(contentsOfFile: output.string, encoding: .utf8)) ?? ""
        return switch state.withLock({ $0 }) {
        case .ended(.exited(0)): nil
        case .ended(.exited(let status)): "status \(status): \(said)"
        case .ended(.signaled(let signal)): "signal \(signal)"
        case .failed(let error): "not started: \(error)"
        case .starting, .running: "still there"
        }
    }

    /// Ends what a failed test leaves running.
    static func withAll(_ use: (inout [QueueProcess]) async throws -> Void) async throws {
        var all: [QueueProcess] = []
        do { try await use(&all) } catch {
            for process in all { process.kill() }
            throw error
        }
        for process in all { process.kill() }
    }
}
