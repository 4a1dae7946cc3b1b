import EdisonCore
import Foundation
import Subprocess
import SystemPackage

/// One run of a program; ended with all that it started when it takes too long or nobody waits for it any more.
///
/// Foundation's `Process` is not used: with more than about 1,300 open descriptors, which a server has, it reads beyond
/// the end of the list of them that it makes for each start, and may crash.
struct RunningCommand: Sendable {
    private let words: [String]
    /// Where it is started; nil = where this program was.
    private let folder: String?
    /// The longest output that is read, in bytes.
    private static let maxOutput = 64 << 20

    init(_ words: [String], folder: String? = nil) {
        self.words = words
        self.folder = folder
    }

    /// What the program wrote; throws `ProviderFailure` with the end of its error output when it failed.
    func run(input: String, timeout: Duration) async throws -> [UInt8] {
        let files: Files
        do { files = try Files(input: input) } catch {
            throw ProviderFailure(.serverError, "cannot prepare the program's files: \(error)", code: "refused")
        }
        defer { files.close() }
        let (status, end) = try await status(files, timeout: timeout)
        if !status.isSuccess {
            try Task.checkCancellation()
            switch end {
            case .late: throw ProviderFailure(.timeout, "the program did not end within \(timeout)")
            case .tooLong: throw Self.tooLong
            case .itself: throw failure(status, errors: (try? files.errors.tail(400)) ?? "")
            }
        }
        do {
            let output = try files.output.head(Self.maxOutput + 1)
            if output.count > Self.maxOutput { throw Self.tooLong }
            return output
        } catch let failure as ProviderFailure { throw failure } catch {
            throw ProviderFailure(.malformed, "the program's output cannot be read: \(error)")
        }
    }

    private static let tooLong = ProviderFailure(.malformed, "the program wrote more than 64 MiB")

    /// Why a program ended.
    private enum End { case itself, late, tooLong }

    private func status(_ files: Files, timeout: Duration) async throws -> (TerminationStatus, End) {
        try await withThrowingTaskGroup(of: (TerminationStatus?, End).self) { group in
            group.addTask { (try await start(files), .itself) }
            group.addTask {
                let end = ContinuousClock.now + timeout
                while ContinuousClock.now < end {
                    try await Task.sleep(for: min(.milliseconds(200), end - .now))
                    // A disk is full sooner than a time-out is over.
                    for file in [files.output, files.errors] where try file.size > Self.maxOutput {
                        return (nil, .tooLong)
                    }
                }
                return (nil, .late)
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            if let status = first.0 { return (status, .itself) }
            group.cancelAll()
            guard let status = try await group.next()?.0 else { throw CancellationError() }
            return (status, first.1)
        }
    }

    /// Input and outputs are files: unlike with pipes, a program that reads nothing or writes much cannot block.
    private func start(_ files: Files) async throws -> TerminationStatus {
        let isPath = words[0].contains("/")
        var options = PlatformOptions()
        // A group of its own, which is ended as a whole: a shell's children must not outlive it.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
        ]
        do {
            return try await Subprocess.run(
                .path(isPath ? FilePath(words[0]) : "/usr/bin/env"),
                arguments: Arguments(isPath ? Array(words.dropFirst()) : words),
                workingDirectory: folder.map { FilePath($0) }, platformOptions: options,
                input: .fileDescriptor(files.input.descriptor, closeAfterSpawningProcess: false),
                output: .fileDescriptor(files.output.descriptor, closeAfterSpawningProcess: false),
                error: .fileDescriptor(files.errors.descriptor, closeAfterSpawningProcess: false)
            ).terminationStatus
        } catch let error as SubprocessError {
            let reason = error.underlyingError.map(\.description) ?? error.description
            throw ProviderFailure(.badRequest, "cannot start \(words[0]): \(reason)", code: "refused")
        }
    }

    /// Status 75 is the convention (sysexits) for a failure that may pass.
    private func failure(_ status: TerminationStatus, errors: String) -> ProviderFailure {
        let (what, code) =
            switch status {
            case .exited(let code): ("the program ended with status \(code)", code)
            case .signaled(let signal): ("the program ended with signal \(signal)", signal)
            }
        return ProviderFailure(
            status == .exited(75) ? .serverError : .badRequest, errors.isEmpty ? what : "\(what): \(errors)",
            code: String(code))
    }
}

extension RunningCommand {
    /// What the program reads and writes.
    private struct Files {
        let input: NamelessFile
        let output: NamelessFile
        let errors: NamelessFile

        init(input text: String) throws {
            input = try NamelessFile(holding: text)
            output = try NamelessFile()
            errors = try NamelessFile()
        }

        func close() { for file in [input, output, errors] { file.close() } }
    }
}
