import EdisonTestKit
import Foundation

/// Another process on the same queue: this test program, started again with a part to play.
struct QueueProcess {
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

    let name: String
    private let process: Process
    private let output: URL

    private static let variable = "EDISON_TEST_QUEUE_PART"

    /// The part that this process was started for.
    static var given: (part: Part, name: String, place: String)? {
        guard let words = ProcessInfo.processInfo.environment[variable]?.split(separator: "|", maxSplits: 2),
            words.count == 3, let part = Part(rawValue: String(words[0]))
        else { return nil }
        return (part, String(words[1]), String(words[2]))
    }

    /// Starts a process that runs one test, of which it plays the given part.
    init(_ part: Part, _ name: String, on place: String) throws {
        self.name = name
        output = FileManager.default.temporaryDirectory.appendingPathComponent("edison-test-\(UUID().uuidString).log")
        try Data().write(to: output)
        process = Process()
        process.executableURL = Bundle.main.executableURL
        let arguments = CommandLine.arguments
        let bundle = arguments.firstIndex(of: "--test-bundle-path").map { Array(arguments[$0...].prefix(2)) } ?? []
        process.arguments =
            bundle + ["--testing-library", "swift-testing", "--filter", "EdisonJobsTests.ProcessTests/playsItsPart"]
        process.environment = ProcessInfo.processInfo.environment
            .merging([Self.variable: "\(part.rawValue)|\(name)|\(place)"]) { $1 }
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    func kill() { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }

    /// How it ended: nil when well, otherwise the signal or the status with what it printed.
    func end() async throws -> String? {
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        defer { try? FileManager.default.removeItem(at: output) }
        if process.terminationReason == .uncaughtSignal { return "signal \(process.terminationStatus)" }
        if process.terminationStatus == 0 { return nil }
        let said = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        return "status \(process.terminationStatus): \(said)"
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
