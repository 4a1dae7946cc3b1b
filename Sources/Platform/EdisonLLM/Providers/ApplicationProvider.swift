import EdisonCore

/// One's own application, asked over HTTP: it gets the case and the rendered prompt, and answers with text or JSON.
package struct ApplicationProvider: ModelProvider {
    package let kind = ProviderKind.http
    let transport: HTTPTransport

    package init(transport: HTTPTransport) { self.transport = transport }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        var headers = [("edison-attempt", attempt.id)]
        if let key = endpoint.apiKey { headers.append(("authorization", "Bearer \(key.revealed)")) }
        for (name, value) in endpoint.settings["headers"]?.object ?? [:] {
            if let text = value.string { headers.append((name, text)) }
        }
        let response = try await transport.send(
            HTTPTransport.Request(url: endpoint.baseURL, headers: headers, body: ApplicationFormat.body(request)),
            timeout: attempt.timeout)
        guard (200..<300).contains(response.status) else { throw ProviderErrors.failure(response, key: endpoint.apiKey) }
        return try ApplicationFormat.response(response.body, request: request)
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        StreamDriver.run { emit in
            let response = try await respond(to: request, at: endpoint, attempt: attempt)
            emit(.text(response.text))
            emit(.end(response))
        }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        throw ProviderFailure(.badRequest, "an application has no embeddings")
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] { [] }
}

/// What is exchanged with one's own application, over HTTP or standard input and output.
enum ApplicationFormat {
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
    static func response(_ bytes: [UInt8], request: ModelRequest) throws -> ModelResponse {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ProviderFailure(.malformed, "the answer is not UTF-8")
        }
        let json = try? JSONValue(parsing: text)
        let answer = json?["text"]?.string ?? json?["output"]?.string
        if let error = json?["error"]?.string, answer == nil { throw ProviderFailure(.badRequest, error) }
        let usage = json?["usage"]
        return ModelResponse(
            text: answer ?? text.trimmingSuffix(while: \.isNewline),
            usage: TokenUsage(input: usage?["input_tokens"]?.int ?? 0, output: usage?["output_tokens"]?.int ?? 0),
            model: request.model, finishReason: .stop)
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
