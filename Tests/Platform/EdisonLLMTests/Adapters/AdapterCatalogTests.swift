import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

@Suite struct AdapterCatalogTests {
    private func endpoint(
        _ kind: ProviderKind, baseURL: String? = nil, settings: JSONObject = [:], environment: [String: String] = [:]
    ) throws -> Endpoint {
        try ProviderCatalog.endpoint(
            kind: kind, credentialID: "main", baseURL: baseURL, settings: settings, environment: environment)
    }

    @Test("every kind has a provider that says so")
    func kinds() async {
        let transport = HTTPTransport()
        #expect(ProviderCatalog.providers(transport).map(\.kind) == ProviderCatalog.kinds)
        #expect(Set(ProviderCatalog.kinds).count == ProviderCatalog.kinds.count)
        await transport.shutdown()
    }

    @Test("what is not given comes from the kind's usual variables")
    func variables() throws {
        let environment = [
            "OPENAI_API_KEY": "k1", "ANTHROPIC_API_KEY": "k2", "ANTHROPIC_BASE_URL": "https://gateway/x/",
            "OLLAMA_HOST": "", "OPENAI_BASE_URL": "",
        ]
        let openAI = try endpoint(.openAI, environment: environment)
        #expect(openAI.baseURL == "https://api.openai.com/v1")
        #expect(openAI.apiKey == Secret("k1"))
        let anthropic = try endpoint(.anthropic, environment: environment)
        #expect(anthropic.baseURL == "https://gateway/x")
        #expect(anthropic.apiKey == Secret("k2"))
        #expect(try endpoint(.ollama, environment: environment).baseURL == "http://127.0.0.1:11434")
        #expect(try endpoint(.openAI, baseURL: "http://own/v1", environment: environment).baseURL == "http://own/v1")
    }

    @Test(
        "OLLAMA_HOST is read as Ollama reads it",
        arguments: [
            ("0.0.0.0", "http://127.0.0.1:11434"), ("box:8080", "http://box:8080"), (":9", "http://127.0.0.1:9"),
            ("https://ollama.example/", "https://ollama.example"),
        ])
    func ollamaHost(text: String, url: String) throws {
        #expect(try endpoint(.ollama, environment: ["OLLAMA_HOST": text]).baseURL == url)
    }

    @Test("what is missing is named")
    func missing() throws {
        let faults: [(ProviderKind, String?, String)] = [
            (.openAI, nil, "The provider \"main\" has no key."),
            (.openAICompatible, nil, "The provider \"main\" needs base_url."),
            (.http, "ftp://x", "\"ftp://x\" is not an address."),
            (.command, nil, "A command provider needs command:, the program and its arguments."),
            (ProviderKind("grok"), nil, "Unknown kind of provider \"grok\"."),
        ]
        for (kind, url, message) in faults {
            let error = #expect(throws: EdisonError.self) { try endpoint(kind, baseURL: url) }
            #expect(error?.code == .invalid)
            #expect(error?.message == message)
            #expect(error?.detail != nil || kind == .command)
        }
    }

    @Test("a parameter that a provider does not know is named")
    func dropped() {
        var request = ModelRequest(model: "m", messages: [], seed: 1)
        #expect(ParameterSupport.dropped(request, by: .anthropic) == ["seed"])
        request.parameters = ModelParameters(topK: 1, frequencyPenalty: 0)
        #expect(ParameterSupport.dropped(request, by: .anthropic) == ["frequency_penalty", "seed"])
        #expect(ParameterSupport.dropped(request, by: .openAI) == ["top_k"])
        #expect(ParameterSupport.dropped(request, by: .ollama).isEmpty)
    }
}
