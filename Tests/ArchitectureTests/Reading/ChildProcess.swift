import Dispatch
import Foundation

/// A program run to its end, in bounded time, for what only a program can tell.
struct ChildProcess {
    let status: Int32
    let output: String
    let complaint: String

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func run(_ command: [String], in folder: URL, seconds: Double) throws -> ChildProcess {
        // Files instead of pipes: a pipe that nobody empties would stop the program when it is full.
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("architecture-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        let (output, complaint) = (place.appendingPathComponent("output"), place.appendingPathComponent("complaint"))
        for file in [output, complaint] { try Data().write(to: file) }

        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: complaint)
        let hasEnded = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in hasEnded.signal() }
        try process.run()
        guard hasEnded.wait(timeout: .now() + seconds) == .success else {
            kill(process.processIdentifier, SIGKILL)
            throw Failure(description: "\(command.joined(separator: " ")) did not end in time")
        }
        return ChildProcess(
            status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
            complaint: try String(contentsOf: complaint, encoding: .utf8))
    }
}
