import EdisonCore
import Foundation
import Synchronization

/// One run of a program, on a thread of its own since waiting for it blocks; ended with all that it started when it
/// takes too long or nobody waits for it any more.
final class RunningCommand: Sendable {
    private enum Stop { case late, cancelled }

    private struct State {
        var processID: Int32?
        var stop: Stop?
    }

    private let words: [String]
    /// Where it is started; nil = where this program was.
    private let folder: String?
    private let state = Mutex(State())
    /// The longest output that is read, in bytes.
    private static let maxOutput = 64 << 20

    init(_ words: [String], folder: String? = nil) {
        self.words = words
        self.folder = folder
    }

    /// What the program wrote; throws `ProviderFailure` with the end of its error output when it failed.
    func run(input: String, timeout: Duration) async throws -> [UInt8] {
        let clock = Task {
            try await Task.sleep(for: timeout)
            stop(.late)
        }
        defer { clock.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { [self] in
                    continuation.resume(with: Result { try runBlocking(input: input, timeout: timeout) })
                }
            }
        } onCancel: {
            stop(.cancelled)
        }
    }

    private func stop(_ reason: Stop) {
        state.withLock { state in
            if state.stop == nil { state.stop = reason }
            if let id = state.processID { Self.end(id) }
        }
    }

    /// With its group, if it leads one: a shell's children must not outlive it.
    private static func end(_ id: Int32) { kill(getpgid(id) == id ? -id : id, SIGKILL) }

    private func runBlocking(input: String, timeout: Duration) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("edison-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let process: Process
        do { process = try prepared(input: input, in: folder) } catch {
            throw ProviderFailure(.serverError, "cannot prepare the program's files: \(error)", code: "refused")
        }
        do { try process.run() } catch {
            throw ProviderFailure(
                .badRequest, "cannot start \(words[0]): \(SystemWords.of(error))", code: "refused")
        }
        state.withLock { state in
            state.processID = process.processIdentifier
            if state.stop != nil { Self.end(process.processIdentifier) }
        }
        process.waitUntilExit()
        let stop = state.withLock { state in
            state.processID = nil
            return state.stop
        }
        let hasFailed = process.terminationReason != .exit || process.terminationStatus != 0
        switch stop {
        case .cancelled: throw CancellationError()
        case .late where hasFailed: throw ProviderFailure(.timeout, "the program did not end within \(timeout)")
        case .late, nil: break
        }
        if hasFailed { throw failure(process, errors: (try? Self.tail(of: Self.errors(folder))) ?? "") }
        do { return try Self.content(of: Self.output(folder)) } catch let failure as ProviderFailure {
            throw failure
        } catch { throw ProviderFailure(.malformed, "the program's output cannot be read: \(error)") }
    }

    /// The program with its input in a file, and files for what it writes: unlike with pipes, one that reads nothing or
    /// writes much cannot block.
    private func prepared(input: String, in folder: URL) throws -> Process {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let source = folder.appendingPathComponent("in")
        try Data(input.utf8).write(to: source)
        for file in [Self.output(folder), Self.errors(folder)] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0].contains("/") ? words[0] : "/usr/bin/env")
        process.arguments = words[0].contains("/") ? Array(words.dropFirst()) : words
        if let started = self.folder { process.currentDirectoryURL = URL(fileURLWithPath: started) }
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try FileHandle(forWritingTo: Self.output(folder))
        process.standardError = try FileHandle(forWritingTo: Self.errors(folder))
        return process
    }

    private static func output(_ folder: URL) -> URL { folder.appendingPathComponent("out") }
    private static func errors(_ folder: URL) -> URL { folder.appendingPathComponent("err") }

    /// Status 75 is the convention (sysexits) for a failure that may pass.
    private func failure(_ process: Process, errors: String) -> ProviderFailure {
        let isSignal = process.terminationReason == .uncaughtSignal
        let what = "the program ended with \(isSignal ? "signal" : "status") \(process.terminationStatus)"
        let isTemporary = !isSignal && process.terminationStatus == 75
        return ProviderFailure(
            isTemporary ? .serverError : .badRequest, errors.isEmpty ? what : "\(what): \(errors)",
            code: String(process.terminationStatus))
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
