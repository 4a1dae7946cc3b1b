import EdisonCore
import EdisonLLM
import EdisonTestKit
import Foundation
import Testing

/// One's own program and one's own service, evaluated like a model.
@Suite(.timeLimit(.minutes(5))) struct AdapterApplicationTests {
    static let request = ModelRequest(
        model: "app", messages: [.system("S"), .user("Question: 2+2")],
        parameters: ModelParameters(temperature: 0, extra: ["input": ["question": "2+2"]]), seed: 3)
    static let sent: JSONValue = [
        "input": ["question": "2+2"], "prompt": "Question: 2+2",
        "messages": [["role": "system", "content": "S"], ["role": "user", "content": "Question: 2+2"]],
        "model": "app", "parameters": ["temperature": 0.0], "seed": 3,
    ]

    private func run(_ command: JSONValue, timeout: Duration = .seconds(20)) async throws -> ModelResponse {
        let endpoint = Endpoint(
            kind: .command, credentialID: "c", baseURL: "", apiKey: Secret("hush-hush"),
            settings: ["command": command])
        return try await CommandProvider().respond(
            to: Self.request, at: endpoint, attempt: Attempt(id: "a", timeout: timeout))
    }

    @Test("a program gets the case on standard input, and its text is the answer")
    func echo() async throws {
        let answer = try await run(["cat"])
        #expect(try JSONValue(parsing: answer.text) == Self.sent)
        #expect(answer.finishReason == .stop)
    }

    @Test("a program may answer with JSON that says what was used")
    func usage() async throws {
        let answer = try await run(
            #"echo '{"text": "4", "usage": {"input_tokens": 7, "output_tokens": 1}, "model": "mine-2"}'"#)
        #expect(answer.text == "4")
        #expect(answer.usage == TokenUsage(input: 7, output: 1))
        #expect(answer.model == "mine-2")
    }

    @Test("an output that is data is the answer as JSON text")
    func data() async throws {
        #expect(try await run(#"echo '{"output": {"label": "spam"}}'"#).text == #"{"label":"spam"}"#)
        #expect(try await run(#"echo '{"label": "spam"}'"#).text == #"{"label": "spam"}"#)
        #expect(try await run("printf 'two\\nlines\\n'").text == "two\nlines")
    }

    @Test("a program that writes more than a pipe holds, and reads nothing, does not block")
    func large() async throws {
        #expect(
            try await run("head -c 300000 /dev/zero | tr '\\0' x; head -c 300000 /dev/zero >&2").text.count == 300_000)
    }

    static let failures: [(command: JSONValue, kind: ProviderFailure.Kind, message: String, code: String?)] = [
        ("echo first >&2; echo hush-hush >&2; exit 3", .badRequest, "the program ended with status 3: first •••", "3"),
        ("exit 75", .serverError, "the program ended with status 75", "75"),
        ("kill -9 $$", .badRequest, "the program ended with signal 9", "9"),
        (#"echo '{"error": "no such case"}'"#, .badRequest, "no such case", nil),
        ("printf '\\377'", .malformed, "the answer is not UTF-8", nil),
        ("", .badRequest, "the command is empty", "refused"),
    ]

    @Test("a failure tells what the program wrote about it, without the key", arguments: failures.indices)
    func failure(index: Int) async throws {
        let (command, kind, message, code) = Self.failures[index]
        let failure = await #expect(throws: ProviderFailure.self) { _ = try await run(command) }
        #expect(failure?.kind == kind)
        #expect(failure?.message == message)
        #expect(failure?.code == code)
        #expect(failure?.status == nil)
    }

    @Test("a program that does not exist is told apart from one that failed")
    func missing() async throws {
        let failure = await #expect(throws: ProviderFailure.self) { _ = try await run(["/nonexistent/program", "x"]) }
        #expect(failure?.code == "refused")
        #expect(failure?.message.hasPrefix("cannot start /nonexistent/program") == true)
    }

    /// A shell whose child writes its own id and then waits for ever.
    private func withSleeper(_ use: (_ command: JSONValue, _ file: URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("pid")
        try await use(
            .string("sh -c 'echo $$ > \(file.path).new; mv \(file.path).new \(file.path); sleep 600'; true"), file)
    }

    /// A killed process is gone soon, not at once; the suite's time limit is the bound.
    private func waitForEnd(_ file: URL) async throws {
        while try isRunning(file) { await Task.yield() }
    }

    private func isRunning(_ file: URL) throws -> Bool {
        let text = try String(contentsOf: file, encoding: .utf8)
        let id = try #require(Int32(text.filter(\.isNumber)))
        // A child that ended stays in the table until it is collected; its state is then Z.
        let state = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        return kill(id, 0) == 0 && state?.contains(") Z") != true
    }

    @Test("a program that takes too long is ended with its children")
    func timeout() async throws {
        try await withSleeper { command, file in
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await run(command, timeout: .milliseconds(700))
            }
            #expect(failure?.kind == .timeout)
            try await waitForEnd(file)
        }
    }

    @Test("a program that writes without end is ended before it fills the disk")
    func endless() async throws {
        let failure = await #expect(throws: ProviderFailure.self) {
            _ = try await run("yes", timeout: .seconds(600))
        }
        #expect(failure?.kind == .malformed)
        #expect(failure?.message.contains("64 MiB") == true)
    }

    @Test("cancelling ends the program with its children")
    func cancellation() async throws {
        try await withSleeper { command, file in
            let task = Task { try await run(command, timeout: .seconds(60)) }
            while !FileManager.default.fileExists(atPath: file.path) { await Task.yield() }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            try await waitForEnd(file)
        }
    }

    @Test("a service gets the same as a program, with its key and headers")
    func service() async throws {
        try await WireServer.running({ _ in WireServer.Reply(#"{"output": "4", "usage": {"input_tokens": 1}}"#) }) {
            server in
            let transport = HTTPTransport()
            let endpoint = Endpoint(
                kind: .http, credentialID: "c", baseURL: "\(server.url)/answer?x=1", apiKey: Secret("hush-hush"),
                settings: ["headers": ["x-team": "blue"]])
            let provider = ApplicationProvider(transport: transport)
            let attempt = AdapterConformanceTests.attempt
            let answer = try await provider.respond(to: Self.request, at: endpoint, attempt: attempt)
            let pieces = try await collected(provider.stream(Self.request, at: endpoint, attempt: attempt))
            await transport.shutdown()
            #expect(answer.text == "4")
            #expect(answer.usage == TokenUsage(input: 1, output: 0))
            #expect(pieces == [.text("4"), .end(answer)])
            let request = server.requests[0]
            #expect(try JSONValue(parsing: request.body) == Self.sent)
            #expect(request.target == "/answer?x=1")
            #expect(request.header("authorization") == "Bearer hush-hush")
            #expect(request.header("x-team") == "blue")
        }
    }

    @Test("a service's refusal is a failure like any provider's")
    func serviceFailure() async throws {
        let reply = WireServer.Reply(status: 503, headers: [("retry-after", "1")], "busy, said hush-hush")
        try await WireServer.running({ _ in reply }) { server in
            let transport = HTTPTransport()
            let endpoint = Endpoint(
                kind: .http, credentialID: "c", baseURL: server.url, apiKey: Secret("hush-hush"))
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await ApplicationProvider(transport: transport).respond(
                    to: Self.request, at: endpoint, attempt: AdapterConformanceTests.attempt)
            }
            await transport.shutdown()
            #expect(failure?.kind == .overloaded)
            #expect(failure?.message == "busy, said •••")
            #expect(failure?.retryAfter == .seconds(1))
        }
    }
}
