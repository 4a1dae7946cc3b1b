import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

/// Where Groq and Azure differ from OpenAI, whose format they speak.
@Suite(.timeLimit(.minutes(5))) struct AdapterOpenAIHostTests {
    private func adapter(_ kind: ProviderKind) throws -> AdapterUnderTest {
        try #require(AdapterUnderTest.all.first { $0.kind == kind })
    }

    private func failure(_ kind: ProviderKind, _ reply: WireServer.Reply) async throws -> ProviderFailure {
        let adapter = try adapter(kind)
        return try await withAdapter(adapter, reply) { provider, endpoint, _ in
            let failure = await #expect(throws: ProviderFailure.self) {
                _ = try await provider.respond(
                    to: AdapterConformanceTests.request(adapter), at: endpoint,
                    attempt: AdapterConformanceTests.attempt)
            }
            return try #require(failure)
        }
    }

    // MARK: Groq

    @Test("what Groq refuses a whole request for is not sent, and named")
    func groqRefuses() async throws {
        let adapter = try adapter(.groq)
        var request = AdapterConformanceTests.request(adapter)
        request.messages[1].name = "ada"
        request.parameters = ModelParameters(
            maxTokens: 9, topK: 3,
            extra: ["logprobs": true, "logit_bias": [:], "n": 2, "service_tier": "flex", "reasoning_format": "parsed"])
        #expect(ParameterSupport.dropped(request, by: .groq) == ["top_k", "logprobs", "logit_bias", "n"])
        let sent = try await withAdapter(adapter, WireCapture("groq/chat-basic").reply) {
            [request] provider, endpoint, server in
            _ = try await provider.respond(to: request, at: endpoint, attempt: AdapterConformanceTests.attempt)
            return try server.onlyBody
        }
        #expect(
            sent.object?.keys.sorted()
                == ["max_completion_tokens", "messages", "model", "reasoning_format", "service_tier"])
        #expect(sent["messages"]?[1]?["name"] == nil)
        request.parameters.extra = ["n": 1]
        #expect(ParameterSupport.dropped(request, by: .groq) == ["top_k"])
    }

    @Test("Groq's stream counts in its last chunk, unasked")
    func groqStream() async throws {
        let reply = WireServer.Reply(
            """
            data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"reasoning":"hm"}}],"x_groq":{"id":"req_1"}}

            data: {"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}],"x_groq":{"id":"req_1",\
            "usage":{"queue_time":0.1,"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens":5,\
            "completion_tokens_details":{"reasoning_tokens":2},"total_time":0.2}}}

            data: [DONE]


            """)
        let adapter = try adapter(.groq)
        let answer = try await withAdapter(adapter, reply) { provider, endpoint, _ in
            try await collected(
                provider.stream(
                    AdapterConformanceTests.request(adapter), at: endpoint, attempt: AdapterConformanceTests.attempt)
            ).answer
        }
        #expect(answer?.text == "Hi" && answer?.reasoning == "hm")
        #expect(answer?.usage == TokenUsage(input: 9, cacheRead: 4, output: 5, reasoning: 2))
    }

    @Test("Groq's refusals: no place in the flexible tier, a request beyond the minute's tokens, a failed tool call")
    func groqFailures() async throws {
        #expect(try await failure(.groq, .init(status: 498, #"{"error":{"message":"flex"}}"#)).kind == .overloaded)
        let large = #"{"error":{"message":"Request too large","type":"tokens","code":"rate_limit_exceeded"}}"#
        #expect(try await failure(.groq, .init(status: 413, large)).kind == .tooLarge)
        let failed = try await failure(
            .groq,
            .init(
                status: 400, headers: [("x-request-id", "req_7")],
                #"{"error":{"message":"m","code":"tool_use_failed","failed_generation":"<f>"}}"#))
        #expect(failed.kind == .badRequest && failed.message == "m: <f>" && failed.requestID == "req_7")
        let waits = try await failure(
            .groq,
            .init(
                status: 429,
                headers: [("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "7.66s")], "{}"))
        #expect(waits.kind == .rateLimited && waits.retryAfter == .milliseconds(7_660))
    }

    @Test("Groq's list has the context, and no model that was retired")
    func groqModels() async throws {
        let list = #"{"data":[{"id":"a","active":true,"context_window":131072},{"id":"b","active":false}]}"#
        try await withAdapter(adapter(.groq), .init(list)) { provider, endpoint, server in
            let models = try await provider.models(at: endpoint)
            #expect(models == [ModelListing(name: "a", contextTokens: 131_072)])
            #expect(server.requests[0].target == "/groq/openai/v1/models")
        }
    }

    // MARK: Azure

    @Test(
        "Azure is asked in the style that its settings and its address say",
        arguments: [
            ("", ["api_version": "v"], "/openai/deployments/m/chat/completions?api-version=v", "m"),
            ("", ["query": ["api-version": "v"]], "/openai/deployments/m/chat/completions?api-version=v", "m"),
            (
                "", ["api_version": "v", "deployment": "d/1?"],
                "/openai/deployments/d%2F1%3F/chat/completions?api-version=v", "d/1?"
            ),
            ("", [:], "/openai/v1/chat/completions", "m"),
            ("", ["deployment": "d"], "/openai/v1/chat/completions", "d"),
            ("/openai/v1", [:], "/openai/v1/chat/completions", "m"),
            ("/openai/v1", ["api_version": "preview"], "/openai/v1/chat/completions?api-version=preview", "m"),
        ] as [(String, JSONObject, String, String)])
    func azureAddresses(base: String, settings: JSONObject, target: String, model: String) async throws {
        try await withAdapter(adapter(.azureOpenAI), WireCapture("openai/azure-v1-chat").reply) {
            provider, endpoint, server in
            var endpoint = endpoint
            endpoint.baseURL += base
            endpoint.settings = settings
            _ = try await provider.respond(
                to: ModelRequest(model: "m", messages: [.user("Hi")]), at: endpoint,
                attempt: AdapterConformanceTests.attempt)
            #expect(server.requests[0].target == target)
            #expect(try server.onlyBody["model"]?.string == model)
            #expect(server.requests[0].header("api-key") == AdapterUnderTest.key)
            #expect(server.requests[0].header("authorization") == nil)
        }
    }

    @Test("a token of Entra ID goes out as one")
    func azureToken() async throws {
        try await withAdapter(adapter(.azureOpenAI), WireCapture("openai/azure-chat").reply) {
            provider, endpoint, server in
            var endpoint = endpoint
            endpoint.settings["auth"] = "bearer"
            _ = try await provider.respond(
                to: ModelRequest(model: "m", messages: [.user("Hi")]), at: endpoint,
                attempt: AdapterConformanceTests.attempt)
            #expect(server.requests[0].header("authorization") == "Bearer \(AdapterUnderTest.key)")
            #expect(server.requests[0].header("api-key") == nil)
        }
    }

    @Test(
        "Azure's filter: a refused prompt is a failure, a cut answer says so, and chunks without a choice are no fault")
    func azureFilter() async throws {
        let refused = try await failure(
            .azureOpenAI,
            .init(
                status: 400, headers: [("apim-request-id", "a-1")],
                #"{"error":{"code":"content_filter","message":"m","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#
            ))
        #expect(refused.kind == .contentFiltered && !refused.isRetryable && refused.requestID == "a-1")
        let reply = WireServer.Reply(
            """
            data: {"id":"","model":"","choices":[],"prompt_filter_results":[{"prompt_index":0}]}

            data: {"id":"c1","model":"gpt-base","choices":[{"index":0,"delta":{"content":"Hi"}}]}

            data: {"choices":[{"index":0,"content_filter_offsets":{"check_offset":2},"finish_reason":null}]}

            data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]}

            data: [DONE]


            """)
        let adapter = try adapter(.azureOpenAI)
        let answer = try await withAdapter(adapter, reply) { provider, endpoint, _ in
            try await collected(
                provider.stream(
                    AdapterConformanceTests.request(adapter), at: endpoint, attempt: AdapterConformanceTests.attempt)
            ).answer
        }
        #expect(answer?.text == "Hi" && answer?.finishReason == .contentFilter && answer?.model == "gpt-base")
        #expect(answer?.usage == nil)
    }

    @Test("Azure's other refusals are read: a code that is a number, no error key, a deployment that is not there")
    func azureFailures() async throws {
        let limited = try await failure(
            .azureOpenAI,
            .init(status: 429, headers: [("retry-after", "2")], #"{"error":{"code":"429","message":"slow"}}"#))
        #expect(limited.kind == .rateLimited && limited.retryAfter == .seconds(2))
        let front = try await failure(.azureOpenAI, .init(status: 401, #"{"statusCode":401,"message":"no"}"#))
        #expect(front.kind == .refusedKey && front.message == "no")
        let missing = try await failure(
            .azureOpenAI, .init(status: 404, #"{"error":{"code":"DeploymentNotFound","message":"none"}}"#))
        #expect(
            missing.kind == .unknownModel && missing.message.hasPrefix("none (the model is the name of a deployment"))
    }

    @Test("Azure's list proves the key, and names the deployment alone")
    func azureModels() async throws {
        let list = WireServer.Reply(#"{"data":[{"id":"gpt-base"}]}"#)
        try await withAdapter(adapter(.azureOpenAI), list) { provider, endpoint, server in
            var endpoint = endpoint
            #expect(try await provider.models(at: endpoint) == [])
            endpoint.settings["deployment"] = "d"
            #expect(try await provider.models(at: endpoint) == [ModelListing(name: "d")])
            endpoint.settings["api_version"] = nil
            _ = try await provider.models(at: endpoint)
            #expect(
                server.requests.map(\.target) == [
                    "/openai/models?api-version=2026-05-01-preview", "/openai/models?api-version=2026-05-01-preview",
                    "/openai/v1/models",
                ])
        }
    }
}
