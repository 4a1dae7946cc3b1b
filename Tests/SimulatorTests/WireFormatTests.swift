import EdisonCore
import ProviderSimulator
import Testing

@Suite("wire formats")
struct WireFormatTests {
    private let echo = SimulatorConfiguration(behaviour: .echo)

    @Test("an OpenAI answer has its shape, exact usage and says that it is simulated")
    func openAI() async throws {
        try await withSimulator(echo) { client in
            let answer = try await client.send("/v1/chat/completions", Client.body("m", system: "abcd", "hello"))
            #expect(answer.status == 200)
            #expect(answer.headers["x-simulated"] == "true")
            #expect(answer.json["object"] == "chat.completion")
            #expect(answer.json["model"] == "m")
            #expect(answer.content == "hello")
            #expect(answer.json["choices"]?[0]?["finish_reason"] == "stop")
            // 9 bytes of messages and 5 of the answer, four to a token, rounded up.
            #expect(answer.json["usage"]?["prompt_tokens"] == 3)
            #expect(answer.json["usage"]?["completion_tokens"] == 2)
            #expect(answer.json["usage"]?["total_tokens"] == 5)
        }
    }

    @Test("an OpenAI stream starts with the role, ends with finish, usage and DONE, and keeps one id")
    func openAIStream() async throws {
        try await withSimulator(echo) { client in
            let text = "one two three four five six seven eight"
            let body = (Client.body(text).object ?? [:]).setting("stream", true).setting(
                "stream_options", ["include_usage": true])
            let answer = try await client.send("/v1/chat/completions", .object(body))
            let events = answer.events
            #expect(events.first?["choices"]?[0]?["delta"]?["role"] == "assistant")
            #expect(events.first?["choices"]?[0]?["delta"]?["content"] == "")
            #expect(events.dropLast().last?["choices"]?[0]?["finish_reason"] == "stop")
            #expect(events.last?["choices"] == [])
            #expect(events.last?["usage"]?["completion_tokens"] == 10)
            #expect(events.dropLast().allSatisfy { $0["usage"] == .null })
            #expect(Set(events.map { $0["id"]?.string }).count == 1)
            #expect(events.compactMap { $0["choices"]?[0]?["delta"]?["content"]?.string }.joined() == text)
            #expect(answer.text.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test("an OpenAI stream without include_usage names usage in no chunk")
    func openAIStreamWithoutUsage() async throws {
        try await withSimulator(echo) { client in
            let body = (Client.body("hello").object ?? [:]).setting("stream", true)
            let answer = try await client.send("/v1/chat/completions", .object(body))
            #expect(!answer.events.isEmpty)
            #expect(answer.events.allSatisfy { $0["usage"] == nil })
        }
    }

    @Test("tool-call deltas name id and function only once for each index")
    func toolStream() async throws {
        try await withSimulator(echo) { client in
            let tool: JSONValue = [
                "type": "function",
                "function": [
                    "name": "get_weather",
                    "parameters": ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]],
                ],
            ]
            let body = (Client.body("Weather in Paris").object ?? [:]).setting("stream", true).setting("tools", [tool])
            let calls = try await client.send("/v1/chat/completions", .object(body)).events
                .compactMap { $0["choices"]?[0]?["delta"]?["tool_calls"]?[0] }
            #expect(calls.count { $0["id"] != nil } == 1)
            #expect(calls.allSatisfy { $0["index"] == 0 })
            let arguments = calls.compactMap { $0["function"]?["arguments"]?.string }.joined()
            #expect(try JSONValue(parsing: arguments)["city"] == "Paris")
        }
    }

    @Test("an Anthropic stream nests its blocks between message_start and message_stop")
    func anthropicStream() async throws {
        try await withSimulator(echo) { client in
            let body: JSONValue = [
                "model": "m", "max_tokens": 100, "stream": true, "system": "be brief",
                "messages": [["role": "user", "content": [["type": "text", "text": "a b c d e f g"]]]],
            ]
            let answer = try await client.send(
                "/v1/messages", body, headers: ["x-api-key": "k", "anthropic-version": "2023-06-01"])
            let types = answer.events.compactMap { $0["type"]?.string }
            #expect(types.first == "message_start")
            #expect(types.suffix(3) == ["content_block_stop", "message_delta", "message_stop"])
            #expect(
                types.firstIndex(of: "content_block_start") ?? 99 < types.firstIndex(of: "content_block_delta") ?? 0)
            #expect(answer.events.compactMap { $0["delta"]?["text"]?.string }.joined() == "a b c d e f g")
            #expect(answer.text.contains("event: message_start\ndata: "))
            #expect(answer.events.first?["message"]?["usage"]?["input_tokens"] == 6)
        }
    }

    @Test("Anthropic messages without max_tokens are refused in Anthropic's words")
    func anthropicError() async throws {
        try await withSimulator(echo) { client in
            let body: JSONValue = ["model": "m", "messages": [["role": "user", "content": "x"]]]
            let answer = try await client.send("/v1/messages", body)
            #expect(answer.status == 400)
            #expect(answer.json["type"] == "error")
            #expect(answer.json["error"]?["type"] == "invalid_request_error")
        }
    }

    @Test("Ollama streams lines of JSON unless told not to, and the last one counts")
    func ollama() async throws {
        try await withSimulator(echo) { client in
            let messages: JSONValue = [["role": "user", "content": "a b c d e f g"]]
            let stream = try await client.send("/api/chat", ["model": "m", "messages": messages])
            let lines = try stream.text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
            #expect(lines.count > 2)
            #expect(lines.dropLast().allSatisfy { $0["done"] == false })
            #expect(lines.last?["done"] == true)
            #expect(lines.last?["eval_count"] == 4)
            #expect(lines.compactMap { $0["message"]?["content"]?.string }.joined() == "a b c d e f g")
            let whole = try await client.send("/api/chat", ["model": "m", "messages": messages, "stream": false])
            #expect(whole.json["message"]?["content"] == "a b c d e f g")
            let generated = try await client.send("/api/generate", ["model": "m", "prompt": "hi", "stream": false])
            #expect(generated.json["response"] == "hi")
            #expect(try await client.send("/api/tags").json["models"]?.array?.isEmpty == false)
        }
    }

    @Test("Gemini answers by the verb in the path, whole and in pieces, and takes keys in both cases")
    func gemini() async throws {
        try await withSimulator(echo) { client in
            let body: JSONValue = [
                "contents": [["role": "user", "parts": [["text": "a b c d e f g"]]]],
                "system_instruction": ["parts": [["text": "brief"]]], "generationConfig": ["maxOutputTokens": 2],
            ]
            let whole = try await client.send("/v1beta/models/m-1:generateContent", body)
            #expect(whole.json["candidates"]?[0]?["finishReason"] == "MAX_TOKENS")
            #expect(whole.json["modelVersion"] == "m-1")
            #expect(whole.json["usageMetadata"]?["promptTokenCount"] == 5)
            let free = (body.object ?? [:]).setting("generationConfig", [:])
            let stream = try await client.send("/v1/models/m-1:streamGenerateContent?alt=sse", .object(free))
            let pieces = stream.events.compactMap { $0["candidates"]?[0]?["content"]?["parts"]?[0]?["text"]?.string }
            #expect(pieces.count > 1)
            #expect(pieces.joined() == "a b c d e f g")
            #expect(stream.events.count { $0["candidates"]?[0]?["finishReason"] == "STOP" } == 1)
        }
    }

    @Test("the model list takes the form of the provider that the headers name")
    func models() async throws {
        try await withSimulator(echo) { client in
            let openAI = try await client.send("/v1/models")
            #expect(openAI.json["object"] == "list")
            let anthropic = try await client.send("/v1/models", headers: ["anthropic-version": "2026-10-21"])
            #expect(anthropic.json["has_more"] == false)
        }
    }

    @Test("every key header is accepted, and a wrong key is refused before the body is read")
    func keys() async throws {
        try await withSimulator(SimulatorConfiguration(behaviour: .echo, apiKey: "right")) { client in
            for headers in [["Authorization": "Bearer right"], ["x-api-key": "right"], ["api-key": "right"]] {
                #expect(try await client.send("/v1/chat/completions", Client.body("x"), headers: headers).status == 200)
            }
            let refused = try await client.send(
                "/v1/chat/completions", "not an object", headers: ["Authorization": "Bearer no"])
            #expect(refused.status == 401)
            #expect(refused.json["error"]?["code"] == "invalid_api_key")
            #expect(try await client.send("/v1/messages", "x").json["error"]?["type"] == "authentication_error")
        }
    }

    @Test("embeddings of texts with common words lie nearer than those without, in both encodings")
    func embeddings() async throws {
        try await withSimulator { client in
            let texts: JSONValue = ["the parcel is late", "my parcel was late", "bake bread at home"]
            let answer = try await client.send("/v1/embeddings", ["model": "embedding", "input": texts])
            let vectors = (answer.json["data"]?.array ?? []).map { ($0["embedding"]?.array ?? []).compactMap(\.double) }
            try #require(vectors.count == 3)
            func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
            #expect(abs(dot(vectors[0], vectors[0]) - 1) < 1e-5)
            #expect(dot(vectors[0], vectors[1]) > dot(vectors[0], vectors[2]) + 0.2)
            let packed = try await client.send(
                "/v1/embeddings", ["model": "e", "input": "x", "encoding_format": "base64", "dimensions": 3])
            #expect(packed.json["data"]?[0]?["embedding"]?.string?.count == 16)
        }
    }
}

extension JSONObject {
    func setting(_ key: String, _ value: JSONValue) -> JSONObject {
        var object = self
        object[key] = value
        return object
    }
}
