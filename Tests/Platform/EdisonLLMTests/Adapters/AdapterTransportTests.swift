import EdisonCore
import EdisonLLM
import EdisonTestKit
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct AdapterTransportTests {
    @Test("a redirect is not followed")
    func redirect() async throws {
        let reply = WireServer.Reply(status: 302, headers: [("location", "http://127.0.0.1:1/")], "")
        try await WireServer.running({ _ in reply }) { server in
            let seen = Mutex<[Int]>([])
            let transport = HTTPTransport { _, port in seen.withLock { $0.append(port) } }
            let response = try await transport.send(HTTPTransport.Request(url: server.url), timeout: .seconds(20))
            await transport.shutdown()
            #expect(response.status == 302)
            #expect(seen.withLock { $0 } == [server.port])
        }
    }

    @Test("an answer that is too long is refused, whole and streamed")
    func tooLong() async throws {
        let chunk = [UInt8](repeating: 0x20, count: 1 << 20)
        let reply = WireServer.Reply(chunks: Array(repeating: chunk, count: 65))
        try await WireServer.running({ _ in reply }) { server in
            let transport = HTTPTransport()
            let request = HTTPTransport.Request(method: "GET", url: server.url)
            let whole = await #expect(throws: ProviderFailure.self) {
                _ = try await transport.send(request, timeout: .seconds(240))
            }
            let streamed = await #expect(throws: ProviderFailure.self) {
                _ = try await transport.stream(
                    request, timeout: .seconds(240), into: 0, onHead: { _ in }, onChunk: { $0 += $1.count })
            }
            await transport.shutdown()
            #expect(whole?.kind == .malformed)
            #expect(streamed?.message == "the answer is longer than 64 MiB")
        }
    }

    @Test("many requests at once share the client and all get their own answer")
    func concurrency() async throws {
        try await WireServer.running({ WireServer.Reply($0.target) }) { server in
            let transport = HTTPTransport()
            let targets = try await withThrowingTaskGroup(of: String.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let request = HTTPTransport.Request(method: "GET", url: "\(server.url)/\(index)")
                        let response = try await transport.send(request, timeout: .seconds(30))
                        return String(decoding: response.body, as: UTF8.self)
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            await transport.shutdown()
            #expect(targets == Set((0..<200).map { "/\($0)" }))
        }
    }

    @Test("a transport that is dropped without a shutdown does no harm")
    func dropped() async throws {
        try await WireServer.running({ _ in WireServer.Reply("ok") }) { server in
            for _ in 0..<3 {
                let response = try await HTTPTransport().send(
                    HTTPTransport.Request(method: "GET", url: server.url), timeout: .seconds(20))
                #expect(response.body == Array("ok".utf8))
            }
        }
    }

    @Test("an address that is none is a fault of the request")
    func invalidAddress() async throws {
        let transport = HTTPTransport()
        for url in ["nonsense", "http://", ""] {
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await transport.send(HTTPTransport.Request(url: url), timeout: .seconds(5))
            }
            #expect(failure?.kind == .badRequest, "\(url)")
            #expect(failure?.isRetryable == false)
        }
        await transport.shutdown()
    }
}
