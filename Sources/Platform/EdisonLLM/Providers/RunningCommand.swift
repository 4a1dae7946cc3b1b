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
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("edison-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        do { try prepare(input: input, in: place) } catch {
            throw ProviderFailure(.serverError, "cannot prepare the program's files: \(error)", code: "refused")
        }
        let (status, isLate) = try await end(in: place, timeout: timeout)
        if !status.isSuccess {
            try Task.checkCancellation()
            if isLate { throw ProviderFailure(.timeout, "the program did not end within \(timeout)") }
            throw failure(status, errors: (try? Self.tail(of: Self.errors(place))) ?? "")
        }
        do { return try Self.content(of: Self.output(place)) } catch let failure as ProviderFailure {
            throw failure
        } catch { throw ProviderFailure(.malformed, "the program's output cannot be read: \(error)") }
    }

    /// How the program ended, and whether it was ended since its time was over.
    private func end(in place: URL, timeout: Duration) async throws -> (TerminationStatus, isLate: Bool) {
        try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
            group.addTask { try await start(in: place) }
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            if case let status?? = try await group.next() { return (status, isLate: false) }
            group.cancelAll()
            guard case let status?? = try await group.next() else { throw CancellationError() }
            return (status, isLate: true)
        }
    }

    /// Input and outputs are files: unlike with pipes, a program that reads nothing or writes much cannot block.
    private func start(in place: URL) async throws -> TerminationStatus {
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
                input: .fileDescriptor(
                    .open(FilePath(Self.input(place).path), .readOnly), closeAfterSpawningProcess: true),
                output: .fileDescriptor(
                    .open(FilePath(Self.output(place).path), .writeOnly), closeAfterSpawningProcess: true),
                error: .fileDescriptor(
                    .open(FilePath(Self.errors(place).path), .writeOnly), closeAfterSpawningProcess: true)
            ).terminationStatus
        } catch let error as SubprocessError {
            throw ProviderFailure(
                .badRequest, "cannot start \(words[0]): \(Self.words(of: error))", code: "refused")
        }
    }

    private static func words(of error: SubprocessError) -> String {
        error.underlyingError.map(\.description) ?? error.description
    }

    private func prepare(input: String, in place: URL) throws {
        try FileManager.default.createDirectory(
            at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try Data(input.utf8).write(to: Self.input(place))
        for file in [Self.output(place), Self.errors(place)] { try Data().write(to: file) }
    }

    private static func input(_ folder: URL) -> URL { folder.appendingPathComponent("in") }
    private static func output(_ folder: URL) -> URL { folder.appendingPathComponent("out") }
    private static func errors(_ folder: URL) -> URL { folder.appendingPathComponent("err") }

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

    private static func content(of file: URL) throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        let data = try handle.read(upToCount: maxOutput + 1) ?? Data()
        if data.count > maxOutput { throw ProviderFailure(.malformed, "the program wrote more than 64 MiB") }
        return Array(data)
    }

    /// The end of the error output, where programs say what went wrong.
    private static func tail(of file: URL) throws -> String {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: size > 400 ? size - 400 : 0)
        let data = try handle.readToEnd() ?? Data()
        return String(decoding: data, as: UTF8.self).trimmingSuffix(while: \.isWhitespace)
    }
}
