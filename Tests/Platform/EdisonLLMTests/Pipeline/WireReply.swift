import EdisonCore
import EdisonLLM

/// What a scripted server writes on the wire.
struct WireReply: Sendable {
    enum Ending: Sendable {
        case complete
        /// The connection is closed.
        case cut
        /// Nothing more comes, until the client goes away.
        case silence
    }

    /// nil: not even a status is sent.
    var status: Int? = 200
    var headers: [(String, String)] = []
    var body = ""
    var ending = Ending.complete

    var isSilent: Bool { ending == .silence }

    /// A chat completion.
    static func answer(
        _ text: String, usage: TokenUsage? = TokenUsage(input: 10, output: 5), model: String = "m",
        finish: String = "stop", headers: [(String, String)] = []
    ) -> WireReply {
        var object: JSONObject = [
            "id": "chat-1", "object": "chat.completion", "model": .string(model),
            "choices": [
                [
                    "index": 0, "message": ["role": "assistant", "content": .string(text)],
                    "finish_reason": .string(finish),
                ]
            ],
        ]
        object["usage"] = usage.map { usage in
            [
                "prompt_tokens": JSONValue(usage.input), "completion_tokens": JSONValue(usage.output),
                "prompt_tokens_details": [
                    "cached_tokens": JSONValue(usage.cacheRead), "cache_write_tokens": JSONValue(usage.cacheWrite),
                ],
                "completion_tokens_details": ["reasoning_tokens": JSONValue(usage.reasoning)],
            ]
        }
        return WireReply(
            headers: [("content-type", "application/json")] + headers, body: JSONValue.object(object).text())
    }

    /// A message in Anthropic's format.
    static func anthropic(_ text: String, input: Int, output: Int, model: String) -> WireReply {
        let object: JSONValue = [
            "id": "msg_1", "type": "message", "role": "assistant", "model": .string(model),
            "content": [["type": "text", "text": .string(text)]], "stop_reason": "end_turn",
            "usage": ["input_tokens": JSONValue(input), "output_tokens": JSONValue(output)],
        ]
        return WireReply(headers: [("content-type", "application/json")], body: object.text())
    }

    static func refusal(_ status: Int, headers: [(String, String)] = []) -> WireReply {
        let object: JSONValue = ["error": ["message": "It went wrong.", "type": "some_type", "code": nil]]
        return WireReply(
            status: status, headers: [("content-type", "application/json")] + headers, body: object.text())
    }

    /// The connection breaks before a status.
    static let broken = WireReply(status: nil, ending: .cut)
    /// Nothing, for ever.
    static let nothing = WireReply(status: nil, ending: .silence)
    /// The connection breaks in the middle of the answer.
    static let cut = WireReply(
        headers: [("content-type", "application/json"), ("content-length", "1000")], body: #"{"id": "chat-1", "#,
        ending: .cut)
    static let malformed = WireReply(body: "It works!")
}
