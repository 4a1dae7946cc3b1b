import EdisonCore
import EdisonLLM

/// The requests that the captures show, as Edison has them.
extension WireRequestTests {
    static let openAI: [Sample] = [
        Sample(
            ids: ["openai/chat-basic", "openai-2x/chat-basic"],
            request: ModelRequest(
                model: "gpt-6-luna", messages: [.system("You are terse."), .user("Name one colour of a ripe lemon.")],
                parameters: ModelParameters(
                    temperature: 0.2, maxTokens: 64, extra: ["metadata": ["suite": "edison"]]),
                seed: 7)),
        Sample(
            ids: ["openai/chat-stream", "openai-2x/chat-stream"], request: gpt("Count to three.")),
        Sample(
            ids: ["openai/chat-stream-helper"], request: gpt("Count to four."),
            settings: ["supports_stream_options": false]),
        Sample(
            ids: ["openai/chat-tools", "openai-2x/chat-tools"],
            request: gpt("Weather in Oslo?", extra: ["parallel_tool_calls": false], tools: [weather], choice: .auto)),
        Sample(ids: ["openai/chat-tools-stream"], request: gpt("Weather in Bergen?", tools: [weather])),
        // The library sends back the nulls and empty lists of the answer that it got: see the next test case.
        Sample(
            ids: ["openai/chat-tool-result"],
            request: ModelRequest(
                model: "gpt-6-luna", messages: [.user("Weather in Oslo?")] + exchange(result: #"{"c":4}"#),
                tools: [weather]), ignored: ["messages"]),
        // `stream: false` is what the server does anyway.
        Sample(
            ids: ["openai/chat-json-schema"],
            request: gpt(
                "A recipe for toast.",
                format: .schema(ResponseSchema(name: "Recipe", schema: recipe(titled: true)))), ignored: ["stream"]),
        Sample(ids: ["openai/chat-json-object"], request: gpt("JSON please", format: .json)),
        Sample(
            ids: ["openai/chat-reasoning"],
            request: ModelRequest(
                model: "gpt-6-luna", messages: [.system("Be careful."), .user("17*23?")],
                parameters: ModelParameters(
                    reasoningEffort: "low",
                    extra: [
                        "service_tier": "flex", "prompt_cache_key": "edison-1", "store": false, "verbosity": "low",
                    ])), settings: ["system_role": "developer"]),
    ]

    static let anthropic: [Sample] = [
        Sample(
            ids: ["anthropic/messages-basic", "anthropic-0x/messages-basic"],
            request: ModelRequest(
                model: "claude-opus-5-5",
                messages: [.system("You are terse."), .user("Name one colour of a ripe lemon.")],
                parameters: ModelParameters(
                    maxTokens: 64, stop: ["END"], extra: ["metadata": ["user_id": "u-1"]])), kind: .anthropic),
        Sample(
            ids: ["anthropic/messages-stream-helper", "anthropic-0x/messages-stream-helper"],
            request: claude("Count to four.")),
        Sample(ids: ["anthropic/messages-stream-raw"], request: claude("Count to three.")),
        Sample(
            ids: ["anthropic/messages-thinking-stream"], request: claude("17*23?", maxTokens: 2048, effort: "low")),
        Sample(
            ids: ["anthropic/messages-tools", "anthropic-0x/messages-tools"],
            request: claude(
                "Weather in Oslo?",
                extra: ["tool_choice": ["type": "auto", "disable_parallel_tool_use": true]], tools: [weather])),
        Sample(ids: ["anthropic/messages-tools-stream"], request: claude("Weather in Bergen?", tools: [weather])),
        // The library sends back the nulls of the answer that it got: see the next test case.
        Sample(
            ids: ["anthropic/messages-tool-result"],
            request: ModelRequest(
                model: "claude-opus-5-5", messages: [.user("Weather in Oslo?")] + exchange(result: "4C"),
                parameters: ModelParameters(maxTokens: 64), tools: [weather]), kind: .anthropic,
            ignored: ["messages"]),
        Sample(
            ids: ["anthropic/messages-json-schema", "anthropic-0x/messages-json-schema"],
            request: claude(
                "A recipe for toast.", maxTokens: 256,
                format: .schema(ResponseSchema(name: "Recipe", schema: recipe(titled: false))))),
        Sample(
            ids: ["anthropic/messages-parse"],
            request: claude(
                "A recipe for tea.", maxTokens: 256,
                format: .schema(ResponseSchema(name: "Recipe", schema: recipe(titled: true))))),
    ].map { sample in
        Sample(ids: sample.ids, request: sample.request, kind: .anthropic, ignored: sample.ignored)
    }

    /// The library sends `tools: []` always and leaves unknown keys out of the schemas of tools.
    static let ollama: [Sample] = [
        Sample(
            ids: ["ollama/chat-basic"],
            request: llama(
                "Name one colour of a ripe lemon.",
                parameters: ModelParameters(
                    temperature: 0.2, maxTokens: 64, topK: 10, extra: ["keep_alive": "5m"]), seed: 7)),
        Sample(ids: ["ollama/chat-stream"], request: llama("Count to three.")),
        Sample(
            ids: ["ollama/chat-think"],
            request: llama("17*23?", parameters: ModelParameters(reasoningEffort: "on"))),
        Sample(ids: ["ollama/chat-json"], request: llama("json", format: .json)),
        Sample(
            ids: ["ollama/chat-json-schema"],
            request: llama(
                "A recipe for toast.",
                format: .schema(ResponseSchema(name: "Recipe", schema: recipe(titled: false))))),
        Sample(
            ids: ["ollama/chat-image"],
            request: ModelRequest(
                model: "llama-stub",
                messages: [Message(.user, [.text("What?"), .image(mediaType: "image/png", base64: "iVBORw==")])])),
        Sample(ids: ["ollama/chat-tools"], request: llama("Weather in Oslo?", tools: [openWeather])),
        Sample(ids: ["ollama/chat-tools-stream"], request: llama("Weather in Bergen?", tools: [openWeather])),
    ].map { sample in
        let hasTools = !sample.request.tools.isEmpty
        return Sample(ids: sample.ids, request: sample.request, kind: .ollama, ignored: hasTools ? [] : ["tools"])
    }

    static func gpt(
        _ text: String, extra: JSONObject = [:], tools: [Tool] = [], choice: ToolChoice? = nil,
        format: ResponseFormat = .text
    ) -> ModelRequest {
        ModelRequest(
            model: "gpt-6-luna", messages: [.user(text)], parameters: ModelParameters(extra: extra), tools: tools,
            toolChoice: choice, responseFormat: format)
    }

    static func claude(
        _ text: String, maxTokens: Int = 64, effort: String? = nil, extra: JSONObject = [:], tools: [Tool] = [],
        format: ResponseFormat = .text
    ) -> ModelRequest {
        ModelRequest(
            model: "claude-opus-5-5", messages: [.user(text)],
            parameters: ModelParameters(maxTokens: maxTokens, reasoningEffort: effort, extra: extra), tools: tools,
            responseFormat: format)
    }

    static func llama(
        _ text: String, parameters: ModelParameters = ModelParameters(), seed: Int? = nil, tools: [Tool] = [],
        format: ResponseFormat = .text
    ) -> ModelRequest {
        ModelRequest(
            model: "llama-stub", messages: [.user(text)], parameters: parameters, seed: seed, tools: tools,
            responseFormat: format)
    }

    static let weather = weather(isClosed: true)
    static let openWeather = weather(isClosed: false)

    private static func weather(isClosed: Bool) -> Tool {
        var schema: JSONObject = [
            "type": "object",
            "properties": [
                "city": ["type": "string", "description": "City name"],
                "unit": ["type": "string", "enum": ["celsius", "fahrenheit"]],
            ],
            "required": ["city", "unit"],
        ]
        if isClosed { schema["additionalProperties"] = false }
        return Tool(name: "get_weather", description: "Look up the weather", parameters: .object(schema))
    }

    /// A call and its result.
    static func exchange(result: String, id: String = "call_stub1") -> [Message] {
        let call = ToolCall(id: id, name: "get_weather", arguments: #"{"city": "x", "unit": "celsius"}"#)
        return [
            Message(.assistant, [], toolCalls: [call]),
            Message(.tool, [.text(result)], name: "get_weather", toolCallID: id),
        ]
    }

    static func recipe(titled: Bool) -> JSONValue {
        func property(_ title: String, _ schema: JSONObject) -> JSONValue {
            var schema = schema
            if titled { schema["title"] = .string(title) }
            return .object(schema)
        }
        var schema: JSONObject = [
            "type": "object",
            "properties": [
                "title": property("Title", ["type": "string"]),
                "steps": property("Steps", ["type": "array", "items": ["type": "string"]]),
                "minutes": property("Minutes", ["type": "integer"]),
            ],
            "required": ["title", "steps", "minutes"], "additionalProperties": false,
        ]
        if titled { schema["title"] = "Recipe" }
        return .object(schema)
    }
}
