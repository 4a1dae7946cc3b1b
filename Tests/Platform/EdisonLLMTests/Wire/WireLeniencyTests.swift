import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

@testable import EdisonLLM

/// What compatible servers leave out, add and write differently.
@Suite struct WireLeniencyTests {
    private func streamed(_ chunks: [String], end: String = "data: [DONE]\n\n") throws -> ModelResponse {
        var decoder = OpenAIStreamDecoder(requestedModel: "asked")
        let text = chunks.map { "data: \($0)\n\n" }.joined() + end
        let pieces = try decoder.feed(Array(text.utf8)) + decoder.finish()
        return try #require(pieces.answer)
    }

    private func whole(_ text: String) throws -> ModelResponse {
        try OpenAIFormat.response(JSONValue(parsing: text), requestedModel: "asked")
    }

    @Test("an answer with nothing but a text is an answer")
    func bare() throws {
        let answer = try whole(#"{"choices":[{"message":{"content":"Hi"}}]}"#)
        #expect(answer == ModelResponse(text: "Hi", usage: nil, model: "asked", finishReason: .stop))
    }

    @Test("reasoning is read under both names", arguments: ["reasoning_content", "reasoning"])
    func reasoning(name: String) throws {
        #expect(try whole(#"{"choices":[{"message":{"content":"4","\#(name)":"2+2"}}]}"#).reasoning == "2+2")
        let answer = try streamed([
            #"{"choices":[{"delta":{"\#(name)":"2+"}}]}"#, #"{"choices":[{"delta":{"\#(name)":"2","content":"4"}}]}"#,
        ])
        #expect(answer.reasoning == "2+2")
        #expect(answer.text == "4")
    }

    @Test("content may be a list of parts, and a refusal may stand in its place")
    func content() throws {
        let parts = #"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}}]}"#
        #expect(try whole(parts).text == "ab")
        let refusal = try whole(#"{"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}"#)
        #expect(refusal.text == "No.")
        #expect(refusal.finishReason == .contentFilter)
    }

    @Test("a call may lack its id and its number, and its arguments may be an object")
    func calls() throws {
        let answer = try whole(
            #"{"choices":[{"message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"#
                + #""finish_reason":"stop"}]}"#)
        #expect(answer.toolCalls == [ToolCall(id: "call_0", name: "f", arguments: #"{"a":1}"#)])
        #expect(answer.finishReason == .toolCalls)
        let streamed = try streamed([
            #"{"choices":[{"delta":{"tool_calls":[{"id":"x","function":{"name":"f","arguments":"{\"a\""}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":":1}"}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"id":"y","function":{"name":"g","arguments":"{}"}}]}}]}"#,
        ])
        #expect(
            streamed.toolCalls == [
                ToolCall(id: "x", name: "f", arguments: #"{"a":1}"#), ToolCall(id: "y", name: "g", arguments: "{}"),
            ])
    }

    @Test("either mark ends a stream: the reason or the end line, also without its space")
    func ends() throws {
        let piece = #"{"choices":[{"delta":{"content":"a"},"finish_reason":null}]}"#
        #expect(try streamed([piece], end: ": OPENROUTER PROCESSING\n\ndata:[DONE]\n").finishReason == .stop)
        let last = #"{"choices":[{"delta":{},"finish_reason":"length"}]}"#
        #expect(try streamed([piece, last], end: "").finishReason == .length)
        #expect(throws: ProviderFailure.self) { try streamed([piece], end: "") }
    }

    @Test("of several counts the last one holds, wherever it stands")
    func usage() throws {
        let answer = try streamed([
            #"{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}}"#,
            #"{"choices":[],"x_groq":{"usage":{"prompt_tokens":5,"completion_tokens":2}}}"#,
        ])
        #expect(answer.usage == TokenUsage(input: 5, output: 2))
        let deepSeek = try whole(
            #"{"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":9,"completion_tokens":1,"#
                + #""prompt_cache_hit_tokens":4}}"#)
        #expect(deepSeek.usage == TokenUsage(input: 9, cacheRead: 4, output: 1))
    }

    @Test("of several choices the first is the answer")
    func choices() throws {
        let answer = try streamed([
            #"{"choices":[{"index":1,"delta":{"content":"b"}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#,
        ])
        #expect(answer.text == "a")
    }

    @Test("an error with status 200 is a failure, in a stream too")
    func hiddenErrors() throws {
        let failure = #expect(throws: ProviderFailure.self) {
            try streamed([#"{"error":{"message":"Too many","code":429},"choices":[{"finish_reason":"error"}]}"#])
        }
        #expect(failure?.kind == .rateLimited)
        #expect(failure?.message == "Too many")
        let broken = #expect(throws: ProviderFailure.self) { try streamed([#"{"error":"upstream died"}"#]) }
        #expect(broken?.kind == .cutStream)
    }

    @Test("an answer without a schema mode asks for the schema in the prompt")
    func promptedSchema() throws {
        let schema = ResponseSchema(name: "r", schema: ["title": "r", "type": "object"])
        var request = ModelRequest(model: "m", messages: [.system("S"), .user("U")], responseFormat: .schema(schema))
        let endpoint = Endpoint(
            kind: .openAICompatible, credentialID: "c", baseURL: "http://x",
            settings: ["supports_json_schema": false, "max_tokens_field": "max_length"])
        request.parameters.maxTokens = 5
        let body = OpenAIRequestFormat(endpoint).body(request, stream: false)
        #expect(body["response_format"] == nil)
        #expect(body["max_length"] == 5)
        let system = try #require(body["messages"]?[0]?["content"]?.string)
        #expect(system.hasPrefix("S\n\nAnswer with one JSON object"))
        #expect(system.hasSuffix(#"{"title":"r","type":"object"}"#))
    }

    @Test("a schema that leaves something open is not sent as strict, and comes from Anthropic as a tool's call")
    func openSchema() throws {
        let schema = ResponseSchema(name: "cases", schema: ["type": "object"])
        let request = ModelRequest(model: "m", messages: [.user("U")], responseFormat: .schema(schema))
        let openAI = Endpoint(kind: .openAI, credentialID: "c", baseURL: "http://x")
        let sent = OpenAIRequestFormat(openAI).body(request, stream: false)
        #expect(sent["response_format"]?["json_schema"]?["strict"] == false)
        let format = AnthropicRequestFormat(
            request, Endpoint(kind: .anthropic, credentialID: "c", baseURL: "http://x"))
        let body = try format.body(stream: false)
        #expect(body["tool_choice"] == ["type": "tool", "name": "cases"])
        #expect(body["tools"]?[0]?["input_schema"] == ["type": "object"])
        #expect(body["output_config"] == nil)
        let answer = try AnthropicFormat.response(
            [
                "content": [["type": "tool_use", "id": "t", "name": "cases", "input": ["a": 1]]],
                "stop_reason": "tool_use",
            ], requestedModel: "m", answerTool: format.answerTool)
        #expect(answer.text == #"{"a":1}"#)
        #expect(answer.toolCalls.isEmpty)
        #expect(answer.finishReason == .stop)
    }
}
