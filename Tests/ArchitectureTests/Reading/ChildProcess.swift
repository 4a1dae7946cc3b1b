import Foundation
import Subprocess
import SystemPackage

/// A program run to its end, in bounded time, for what only a program can tell.
struct ChildProcess {
    /// The exit status; nil when a signal ended it.
    let status: Int32?
    let output: String
    let complaint: String

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func run(_ command: [String], in folder: URL, seconds: Double) async throws -> ChildProcess {
        try await withThrowingTaskGroup(of: ChildProcess.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    .name(command[0]), arguments: Arguments(Array(command.dropFirst())),
                    workingDirectory: FilePath(folder.path), output: .string(limit: 16 << 20),
                    error: .string(limit: 16 << 20))
                let status: Int32? =
                    switch result.terminationStatus {
                    case .exited(let code): code
                    case .signaled: nil
                    }
                return ChildProcess(
                    status: status, output: result.standardOutput,
                    complaint: result.standardError)
            }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw Failure(description: "\(command.joined(separator: " ")) did not end in time")
            }
            defer { group.cancelAll() }
            guard let ended = try await group.next() else { throw CancellationError() }
            return ended
        }
    }
}
