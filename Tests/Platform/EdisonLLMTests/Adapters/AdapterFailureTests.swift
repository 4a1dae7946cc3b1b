import EdisonCore
import EdisonLLM
import EdisonTestKit
import Synchronization
import Testing

/// What every adapter makes of what goes wrong.
@Suite(.timeLimit(.minutes(5))) struct AdapterFailureTests {
    static let statuses: [(status: Int, kind: ProviderFailure.Kind)] = [
        (400, .badRequest), (401, .refusedKey), (402, .quotaExceeded), (403, .notAllowed), (404, .unknownModel),
        (408, .timeout), (409, .serverError), (413, .tooLarge), (422, .badRequest), (429, .rateLimited),
        (500, .serverError), (502, .serverError), (503, .overloaded), (504, .timeout), (529, .overloaded),
    ]

    /// The failure of both ways of asking, which must be one.
    private func failure(
        _ adapter: AdapterUnderTest, _ reply: WireServer.Reply, timeout: Duration = .seconds(20)
    ) async throws -> ProviderFailure {
        let request = AdapterConformanceTests.request(adapter)
        let attempt = Attempt(id: "a", timeout: timeout)
        return try await withAdapter(adapter, reply) { provider, endpoint, _ in
            let whole = await #expect(throws: ProviderFailure.self) {
                _ = try await provider.respond(to: request, at: endpoint, attempt: attempt)
            }
            let streamed = await #expect(throws: ProviderFailure.self) {
                _ = try await collected(provider.stream(request, at: endpoint, attempt: attempt))
            }
            #expect(whole?.kind == streamed?.kind)
            return try #require(streamed)
        }
    }

    @Test("every status has its kind, and the key is in no message", arguments: AdapterUnderTest.all, statuses.indices)
    func status(adapter: AdapterUnderTest, index: Int) async throws {
        let (status, kind) = Self.statuses[index]
        let body = adapter.errorBody("some_type", "It went\nwrong with \(AdapterUnderTest.key).")
        let failure = try await failure(
            adapter, WireServer.Reply(status: status, headers: [("retry-after", "3")], body))
        #expect(failure.kind == kind)
        #expect(failure.status == status)
        #expect(failure.message.hasPrefix("It went wrong with •••."))
        #expect(failure.retryAfter == (failure.isRetryable ? .seconds(3) : nil))
    }

    @Test("an address that a server does not know: the message says which base URL to try")
    func wrongPath() async throws {
        let adapter = try #require(AdapterUnderTest.all.first { $0.kind == .openAI })
        let request = AdapterConformanceTests.request(adapter)
        try await withAdapter(adapter, WireServer.Reply(status: 404, "not found")) { provider, _, server in
            for (base, other) in [(server.url, server.url + "/v1"), (server.url + "/v1", server.url)] {
                let endpoint = Endpoint(kind: .openAI, credentialID: "c1", baseURL: base)
                let failure = await #expect(throws: ProviderFailure.self) {
                    _ = try await provider.respond(
                        to: request, at: endpoint, attempt: AdapterConformanceTests.attempt)
                }
                #expect(failure?.message.hasSuffix("(if the server is right, try base_url: \(other))") == true)
            }
        }
    }

    @Test("an answer that is not in the format is malformed", arguments: AdapterUnderTest.all)
    func malformed(adapter: AdapterUnderTest) async throws {
        for text in ["data: {not json\n\n", "event: message_start\ndata: <html>\n\n", "[]\n"] {
            let request = AdapterConformanceTests.request(adapter)
            try await withAdapter(adapter, WireServer.Reply(text)) { provider, endpoint, _ in
                let failure = await #expect(throws: ProviderFailure.self) {
                    _ = try await provider.respond(
                        to: request, at: endpoint, attempt: AdapterConformanceTests.attempt)
                }
                #expect(failure?.kind == .malformed || failure?.kind == .cutStream)
                #expect(failure?.isRetryable == true)
            }
        }
    }

    @Test("silence ends with a time-out, before the head and in the middle", arguments: AdapterUnderTest.all)
    func timeout(adapter: AdapterUnderTest) async throws {
        let before = try await failure(adapter, .nothing, timeout: .milliseconds(150))
        #expect(before.kind == .timeout)
        var reply = try WireCapture(adapter.captures.stream).reply
        reply.chunks = reply.chunks.map { Array($0.prefix($0.count / 2)) }
        reply.ending = .silence
        let during = try await failure(adapter, reply, timeout: .milliseconds(150))
        #expect(during.kind == .timeout)
        #expect(during.isRetryable)
    }

    @Test("an answer that is cut is a cut stream, wherever the cut is", arguments: AdapterUnderTest.all)
    func cut(adapter: AdapterUnderTest) async throws {
        let recorded = try WireCapture(adapter.captures.stream).reply
        let bytes = recorded.chunks.flatMap(\.self)
        for part in [0, 1, bytes.count / 3, bytes.count / 2, bytes.count - 250] {
            var reply = recorded
            reply.chunks = [Array(bytes.prefix(part))]
            reply.ending = .cut
            #expect(try await failure(adapter, reply).kind == .cutStream, "after \(part) bytes")
        }
    }

    @Test("a stream that ends too early without an error is a cut stream too", arguments: AdapterUnderTest.all)
    func endedEarly(adapter: AdapterUnderTest) async throws {
        var reply = try WireCapture(adapter.captures.stream).reply
        let bytes = reply.chunks.flatMap(\.self)
        let request = AdapterConformanceTests.request(adapter)
        reply.chunks = [Array(bytes.prefix(bytes.count / 2))]
        try await withAdapter(adapter, reply) { provider, endpoint, _ in
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await collected(
                    provider.stream(request, at: endpoint, attempt: AdapterConformanceTests.attempt))
            }
            #expect(failure?.kind == .cutStream || failure?.kind == .malformed)
        }
    }

    @Test("cancelling reaches the server", arguments: AdapterUnderTest.all, [false, true])
    func cancellation(adapter: AdapterUnderTest, isStream: Bool) async throws {
        let request = AdapterConformanceTests.request(adapter)
        var reply = try WireCapture(adapter.captures.stream).reply
        reply.chunks = reply.chunks.map { Array($0.prefix($0.count / 2)) }
        reply.ending = .silence
        try await withAdapter(adapter, isStream ? reply : .nothing) { provider, endpoint, server in
            let task = Task {
                if isStream {
                    _ = try await collected(
                        provider.stream(request, at: endpoint, attempt: AdapterConformanceTests.attempt))
                    // A stream whose reader was cancelled ends without an error.
                    try Task.checkCancellation()
                } else {
                    _ = try await provider.respond(
                        to: request, at: endpoint, attempt: AdapterConformanceTests.attempt)
                }
            }
            for await _ in server.arrivals { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            var departures = server.departures.makeAsyncIterator()
            #expect(await departures.next()?.target == (isStream ? adapter.streamPath : nil) ?? adapter.chatPath)
        }
    }

    // Nobody listens on the port of tcpmux; the port of a server that has gone may be somebody else's by now.
    @Test(
        "a refused connection is told at once, and that nothing was sent", arguments: AdapterUnderTest.all,
        ["http://127.0.0.1:1", "http://localhost:1"])
    func refused(adapter: AdapterUnderTest, url: String) async throws {
        let connections = Mutex<[String]>([])
        let transport = HTTPTransport { host, port in connections.withLock { $0.append("http://\(host):\(port)") } }
        let provider = try adapter.provider(transport)
        let failure = await #expect(throws: ProviderFailure.self) {
            _ = try await provider.respond(
                to: AdapterConformanceTests.request(adapter), at: adapter.endpoint(url),
                attempt: AdapterConformanceTests.attempt)
        }
        await transport.shutdown()
        #expect(failure?.kind == .connection)
        #expect(failure?.code == "refused", "\(failure?.message ?? "")")
        #expect(connections.withLock { $0 } == [url])
    }

    @Test("the limits in the headers reach the observer, of a refusal too")
    func limits() async throws {
        let silent: [ProviderKind] = [.ollama, .gemini, .googleVertex, .awsBedrock]
        for adapter in AdapterUnderTest.all.filter({ !silent.contains($0.kind) }) {
            let seen = Mutex<[RateLimitObservation]>([])
            let observer = ProviderObserver { limits, endpoint in
                #expect(endpoint.credentialID == "c1")
                seen.withLock { $0.append(limits) }
            }
            let reply = try WireCapture(adapter.captures.whole).reply
            let refusal = WireServer.Reply(status: 429, headers: reply.headers, "{}")
            for reply in [reply, refusal] {
                try await withAdapter(adapter, reply, observer: observer) { provider, endpoint, _ in
                    _ = try? await provider.respond(
                        to: AdapterConformanceTests.request(adapter), at: endpoint,
                        attempt: AdapterConformanceTests.attempt)
                }
            }
            let limits = seen.withLock { $0 }
            #expect(limits.count == 2)
            let remaining = limits.map { $0.requests?.remaining }
            #expect(remaining == (adapter.kind == .anthropic ? [49, 49] : [499, 499]))
        }
    }
}
