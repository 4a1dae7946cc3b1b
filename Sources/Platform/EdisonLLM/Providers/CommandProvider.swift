import EdisonCore
import Foundation
import Synchronization

/// One's own program, run once a case: JSON on standard input, text or JSON on standard output.
package struct CommandProvider: ModelProvider {
    package let kind = ProviderKind.command

    package init() {}

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let words = Self.words(endpoint.settings["command"] ?? .null)
        guard !words.isEmpty else { throw ProviderFailure(.badRequest, "the command is empty") }
        let output = try await RunningCommand(words).run(
            input: ApplicationFormat.body(request).text() + "\n", timeout: attempt.timeout)
        return try ApplicationFormat.response(output, request: request)
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        StreamDriver.run { emit in
            let response = try await respond(to: request, at: endpoint, attempt: attempt)
            emit(.text(response.text))
            emit(.end(response))
        }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        throw ProviderFailure(.badRequest, "a command has no embeddings")
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] { [] }

    /// A list of words, or one line for the shell.
    private static func words(_ json: JSONValue) -> [String] {
        if let list = json.array { return list.compactMap { $0.string ?? $0.int.map(String.init) } }
        return json.string.map { $0.isEmpty ? [] : ["/bin/sh", "-c", $0] } ?? []
    }
}

/// One run of a program; ended when it takes too long or nobody waits for it any more.
private final class RunningCommand: Sendable {
    private let words: [String]
    private let processID = Mutex<Int32?>(nil)

    init(_ words: [String]) { self.words = words }

    func run(input: String, timeout: Duration) async throws -> [UInt8] {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { [self] in
                    continuation.resume(with: Result { try runBlocking(input: input, timeout: timeout) })
                }
            }
        } onCancel: {
            stop()
        }
    }

    private func stop() { processID.withLock { id in if let id { kill(id, SIGKILL) } } }

    private func runBlocking(input: String, timeout: Duration) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("edison-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files, not pipes: a program that does not read, or writes much, cannot block.
        let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
        try Data(input.utf8).write(to: files[0])
        for file in files.dropFirst() { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0].contains("/") ? words[0] : "/usr/bin/env")
        process.arguments = words[0].contains("/") ? Array(words.dropFirst()) : words
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        do { try process.run() } catch {
            throw ProviderFailure(.badRequest, "cannot start \(words[0]): \(error.localizedDescription)", code: "refused")
        }
        processID.withLock { $0 = process.processIdentifier }
        let late = DispatchWorkItem { [self] in stop() }
        DispatchQueue.global().asyncAfter(deadline: .now() + timeout.inSeconds, execute: late)
        let began = ContinuousClock.now
        process.waitUntilExit()
        processID.withLock { $0 = nil }
        late.cancel()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let words = (try? String(contentsOf: files[2], encoding: .utf8))?.suffix(400) ?? ""
            let isLate = began.duration(to: .now) >= timeout
            throw ProviderFailure(
                isLate ? .timeout : .badRequest,
                isLate ? "the program did not end in time" : "the program ended with status \(process.terminationStatus): \(words)",
                status: isLate ? nil : Int(process.terminationStatus))
        }
        return Array(try Data(contentsOf: files[1]))
    }
}
