import EdisonCore
import EdisonLLM
import EdisonProviders
import EdisonTestKit
import Testing

@Suite("Addresses that people give")
struct ProviderAddressTests {
    typealias Fixture = ProvidersFixture

    @Test(
        "an address that is none, or holds a secret, is refused everywhere",
        arguments: [
            "ftp://example.org", "file:///etc/passwd", "example.org/v1", "http://", "http:///v1",
            "https://user:pass@example.org", "https://user@example.org", "https://example.org/v1?key=1",
            "https://example.org/#a", "https://example.org:0", "https://example.org:70000", "https://exa mple.org",
            "https://example.org\\@127.0.0.1", "https://example.org\r\nHost: a", "http+unix://%2Fvar%2Frun/x", "",
            "javascript:alert(1)", "unix:///var/run/docker.sock", "https://exämple.org",
        ])
    func malformed(_ url: String) async throws {
        try await Fixture.running(.sqlite) { fixture in
            let service = try fixture.credentials()
            let error = await #expect(throws: EdisonError.self) {
                try await service.create(
                    fixture.wish(config: ["base_url": .string(url)]), in: Fixture.project, by: Fixture.actor)
            }
            #expect(error?.code == .invalid && error?.issues.map(\.path) == ["config.base_url"])
        }
    }

    @Test(
        "a server that others reach refuses addresses of private networks, when they are given and when they are changed",
        arguments: [
            "http://127.0.0.1:11434", "http://localhost/v1", "http://[::1]:80", "http://2130706433", "http://0x7f.1",
            "http://0177.0.0.1", "http://127.1", "http://10.1.2.3", "http://192.168.0.1", "http://172.16.9.9",
            "http://169.254.169.254/latest/meta-data", "http://[fd00:ec2::254]", "http://[::ffff:10.0.0.1]",
            "http://0.0.0.0", "http://100.100.100.200", "HTTP://LOCALHOST",
        ])
    func own(_ url: String) async throws {
        try await Fixture.running(.sqlite) { fixture in
            let open = try fixture.credentials(addresses: .anywhere)
            let guarded = try fixture.credentials(addresses: .publicOnly)
            let config: JSONObject = ["base_url": .string(url)]
            let id = try await open.create(fixture.wish(config: config), in: Fixture.project, by: Fixture.actor).id
            let outside = fixture.wish("outside", config: ["base_url": "https://8.8.8.8/v1"])
            let other = try await guarded.create(outside, in: Fixture.project, by: Fixture.actor).id
            for work in [
                {
                    _ = try await guarded.create(
                        fixture.wish("b", config: config), in: Fixture.project, by: Fixture.actor)
                },
                {
                    _ = try await guarded.change(
                        other, CredentialChange(key: .set("a-new-key-1"), config: CredentialConfig(config)),
                        by: Fixture.actor)
                },
                {
                    _ = try await guarded.tryOut(
                        fixture.wish(config: config), model: nil, parameters: ModelParameters())
                },
            ] as [@Sendable () async throws -> Void] {
                let error = await #expect(throws: EdisonError.self) { try await work() }
                #expect(error?.code == .invalid && error?.issues.map(\.path) == ["config.base_url"])
            }
            #expect(try await guarded.credential(id).config.json["base_url"] == .string(url))
        }
    }

    @Test("the usual address of a local provider is refused there too")
    func usual() async throws {
        try await Fixture.running(.sqlite) { fixture in
            let local = NewCredential(
                provider: "ollama", label: "local", apiKey: nil, config: CredentialConfig(), isActive: true,
                rotationDays: nil)
            try await fixture.credentials().create(local, in: Fixture.project, by: Fixture.actor)
            let error = await #expect(throws: EdisonError.self) {
                try await fixture.credentials(addresses: .publicOnly).create(
                    local, in: Fixture.other, by: Fixture.actor)
            }
            #expect(error?.code == .invalid)
        }
    }

    @Test(
        "headers and queries that could break a request or show a secret are refused",
        arguments: [
            (#"{"headers": {"X A": "1"}}"#, "config.headers.X A"),
            (#"{"headers": {"X-A": "1\r\nX-B: 2"}}"#, "config.headers.X-A"),
            (#"{"headers": {"Host": "a"}}"#, "config.headers.Host"),
            (#"{"headers": {"X-A": 1}}"#, "config.headers.X-A"),
            (#"{"query": {"api_key": "1"}}"#, "config.query.api_key"), (#"{"query": {"a": 1}}"#, "config.query.a"),
        ])
    func settings(_ json: String, path: String) async throws {
        let config = try #require(try JSONValue(parsing: json).object)
        try await Fixture.running(.sqlite) { fixture in
            let error = await #expect(throws: EdisonError.self) {
                try await fixture.credentials().create(
                    fixture.wish(config: config), in: Fixture.project, by: Fixture.actor)
            }
            #expect(error?.issues.map(\.path) == [path])
        }
    }

    @Test("providers are named in both spellings, and those that a server cannot call are refused with the reason")
    func kinds() {
        #expect(CredentialRules.kind("OPENAI_COMPATIBLE") == "openai-compatible")
        #expect(CredentialRules.kind("Anthropic") == "anthropic")
        for name in ["command", "HTTP", "GROK", "", "nobody"] {
            #expect(CredentialRules.kind(name) == nil)
        }
        #expect(CredentialRules.kindFault("command").contains("experiment files"))
        for (given, kind) in [
            ("GROQ", "groq"), ("AZURE_OPENAI", "azure-openai"), ("Google_Vertex", "google-vertex"),
            ("AWS_BEDROCK", "aws-bedrock"), ("gemini", "gemini"),
        ] { #expect(CredentialRules.kind(given) == kind) }
        #expect(CredentialRules.kindFault("GROK").contains("groq"))
    }
}
