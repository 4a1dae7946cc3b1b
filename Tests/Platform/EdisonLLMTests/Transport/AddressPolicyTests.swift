import EdisonLLM
import EdisonTestKit
import Testing

@Suite("Where a transport may connect to")
struct AddressPolicyTests {
    @Test(
        "a private address is told from a public one in every spelling and by name",
        arguments: [
            ("127.0.0.1", true), ("127.1", true), ("2130706433", true), ("0177.0.0.1", true), ("0x7f.0.0.1", true),
            ("0x7f000001", true), ("[::1]", true), ("::ffff:127.0.0.1", true), ("localhost", true),
            ("0", true), ("169.254.169.254", true), ("8.8.8.8", false), ("134744072", false),
            ("[2606:4700::1111]", false),
        ])
    func hosts(_ host: String, isPrivate: Bool) async {
        #expect(await (AddressPolicy.publicOnly.fault(of: host) != nil) == isPrivate)
        #expect(await AddressPolicy.anywhere.fault(of: host) == nil)
    }

    @Test("a name that leads to a public address and to a private one is refused")
    func mixed() async throws {
        let (outside, inside) = (try #require(NetworkAddress("8.8.8.8")), try #require(NetworkAddress("10.0.0.1")))
        let policy = AddressPolicy.publicOnly { _ in [outside, inside] }
        #expect(await policy.fault(of: "both.example") != nil)
    }

    @Test("a transport for public addresses sends nothing to this machine")
    func refused() async throws {
        try await WireServer.running({ _ in WireServer.Reply("{}") }) { server in
            for url in [server.url, "http://localhost:\(server.port)", "http://2130706433:\(server.port)"] {
                await #expect(throws: ProviderFailure.self) { try await ask(url, .publicOnly) }
            }
            #expect(server.requests.isEmpty)
            let status = try await ask(server.url, .anywhere)
            #expect(status == 200)
            #expect(server.requests.count == 1)
        }
    }

    @Test("a name that leads elsewhere once it has been looked up gets a connection and not one byte")
    func rebound() async throws {
        let outside = try #require(NetworkAddress("8.8.8.8"))
        try await WireServer.running({ _ in WireServer.Reply("{}") }) { server in
            let transport = HTTPTransport(addresses: .publicOnly { _ in [outside] })
            for _ in 0..<20 {
                let failure = await #expect(throws: ProviderFailure.self) {
                    try await transport.send(
                        .init(method: "GET", url: "http://localhost:\(server.port)"), timeout: .seconds(5))
                }
                #expect(failure?.message.contains("private network") == true)
            }
            await transport.shutdown()
            #expect(server.requests.isEmpty)
        }
    }

    @Test("a redirect is not followed")
    func redirect() async throws {
        let redirect = WireServer.Reply(
            status: 302, headers: [("location", "http://169.254.169.254/latest")], chunks: [])
        try await WireServer.running({ _ in redirect }) { server in
            let status = try await ask(server.url, .anywhere)
            #expect(status == 302)
            #expect(server.requests.count == 1)
        }
    }

    private func ask(_ url: String, _ addresses: AddressPolicy) async throws -> Int {
        let transport = HTTPTransport(addresses: addresses)
        do {
            let status = try await transport.send(.init(method: "GET", url: url), timeout: .seconds(5)).status
            await transport.shutdown()
            return status
        } catch {
            await transport.shutdown()
            throw error
        }
    }
}
