import EdisonCore

/// What is exchanged with one's own application, over HTTP or over standard input and output.
enum ApplicationFormat {
    /// `{input, prompt, messages, model, parameters, seed?}`: the case's input as data, beside the rendered prompt.
    static func body(_ request: ModelRequest) -> JSONValue {
        var parameters = request.parameters
        let input = parameters.extra["input"]
        parameters.extra["input"] = nil
        var object: JSONObject = ["input": input ?? [:]]
        object["prompt"] = .string(request.messages.last { $0.role == .user }?.text ?? "")
        object["messages"] = .array(
            request.messages.map { ["role": .string($0.role.rawValue), "content": .string($0.text)] })
        object["model"] = .string(request.model)
        object["parameters"] = parameters.json
        object["seed"] = request.seed.map { .integer(Int64($0)) }
        return .object(object)
    }

    /// Plain text, or JSON with `text` (or `output`) and, if it is known, `usage {input_tokens, output_tokens}`.
    ///
    /// An application that names no usage has used none that anybody bills here: its usage is zero, not unknown.
    static func response(_ bytes: [UInt8], request: ModelRequest) throws -> ModelResponse {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ProviderFailure(.malformed, "the answer is not UTF-8")
        }
        let json = (try? JSONValue(parsing: text)).flatMap { $0.object == nil ? nil : $0 }
        let answer = (json?["text"] ?? json?["output"]).flatMap { $0.isNull ? nil : $0 }
        if answer == nil, let json, let error = ErrorBody(in: json) {
            throw ProviderFailure(.badRequest, error.message, code: error.code)
        }
        let usage = json?["usage"]
        return ModelResponse(
            text: answer.map { $0.string ?? $0.text() } ?? text.trimmingSuffix(while: \.isNewline),
            usage: TokenUsage(
                input: usage?["input_tokens"]?.int ?? usage?["input"]?.int ?? 0,
                cacheRead: usage?["cache_read"]?.int ?? 0,
                output: usage?["output_tokens"]?.int ?? usage?["output"]?.int ?? 0),
            model: json?["model"]?.string ?? request.model, finishReason: .stop)
    }
}

extension StringProtocol {
    /// Without the characters at the end for which the test holds.
    func trimmingSuffix(while test: (Character) -> Bool) -> String {
        var end = endIndex
        while end > startIndex, test(self[index(before: end)]) { end = index(before: end) }
        return String(self[startIndex..<end])
    }
}
