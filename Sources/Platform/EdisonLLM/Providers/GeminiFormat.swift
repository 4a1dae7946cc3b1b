import EdisonCore

/// Reads the JSON of `generateContent`: an answer that is not streamed is a stream of one chunk.
enum GeminiFormat {
    static func response(_ json: JSONValue, requestedModel: String) throws -> ModelResponse {
        var decoder = GeminiStreamDecoder(requestedModel: requestedModel)
        _ = try decoder.add(json)
        guard json["candidates"] != nil || json["promptFeedback"] != nil else {
            throw ProviderFailure(.malformed, "the answer has no candidates")
        }
        return try decoder.response(isWhole: true)
    }

    /// The prompt's count includes what was cached; the candidates' leaves the thoughts out.
    static func usage(_ json: JSONValue?) -> TokenUsage? {
        guard let prompt = json?["promptTokenCount"]?.int else { return nil }
        let thoughts = json?["thoughtsTokenCount"]?.int ?? 0
        return TokenUsage(
            input: prompt + (json?["toolUsePromptTokenCount"]?.int ?? 0),
            cacheRead: json?["cachedContentTokenCount"]?.int ?? 0,
            output: (json?["candidatesTokenCount"]?.int ?? 0) + thoughts, reasoning: thoughts)
    }

    static func finish(_ word: String, hasCalls: Bool) -> FinishReason {
        switch word {
        case "STOP": hasCalls ? .toolCalls : .stop
        case "MAX_TOKENS": .length
        case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_RECITATION",
            "MODEL_ARMOR":
            .contentFilter
        default: .other
        }
    }

    /// Of the Developer API's `batchEmbedContents`, or of Vertex's `predict`, which counts too.
    static func embeddings(_ json: JSONValue, count: Int, model: String) throws -> EmbeddingResponse {
        let predictions = json["predictions"]?.array?.compactMap { $0["embeddings"] }
        let rows = predictions ?? json["embeddings"]?.array ?? []
        let vectors = rows.map { ($0["values"]?.array ?? []).compactMap { $0.double.map(Float.init) } }
        guard vectors.count == count, vectors.allSatisfy({ !$0.isEmpty && $0.count == vectors[0].count }) else {
            throw ProviderFailure(.malformed, "the answer holds \(vectors.count) embeddings for \(count) texts")
        }
        let counts = rows.compactMap { $0["statistics"]?["token_count"]?.double.map { Int($0) } }
        return EmbeddingResponse(
            vectors: vectors,
            usage: counts.count == count ? TokenUsage(input: counts.reduce(0, +), output: 0) : nil, model: model)
    }
}

/// Puts the chunks of an answer together; each is an answer with the new parts alone.
struct GeminiStreamDecoder: StreamDecoder {
    private let requestedModel: String
    private var parser = SSEParser()
    /// What came outside of any event, as errors do.
    private var stray: [UInt8] = []
    private var sawEvent = false
    private var answer: ModelResponse
    private var reasoning = ""
    private var reason: String?
    private var block: String?

    init(requestedModel: String) {
        self.requestedModel = requestedModel
        answer = ModelResponse(text: "", usage: nil, model: requestedModel, finishReason: .stop)
    }

    mutating func feed(_ bytes: [UInt8]) throws -> [StreamPiece] {
        if !sawEvent, stray.count < 1 << 16 { stray += bytes }
        return try parser.feed(bytes).flatMap { try chunk($0.data) }
    }

    mutating func finish() throws -> [StreamPiece] {
        let rest = try parser.finish().flatMap { try chunk($0.data) }
        if !sawEvent, !stray.isEmpty, let json = try? JSONValue(parsing: stray), let error = ErrorBody(in: json) {
            throw ProviderErrors.failure(inStream: error, usage: nil)
        }
        return rest + [.end(try response(isWhole: false))]
    }

    private mutating func chunk(_ data: String) throws -> [StreamPiece] {
        sawEvent = true
        stray = []
        guard let json = try? JSONValue(parsing: data) else {
            throw ProviderFailure(.malformed, "a chunk of the stream is not JSON", usage: answer.usage)
        }
        return try add(json)
    }

    mutating func add(_ json: JSONValue) throws -> [StreamPiece] {
        answer.usage = GeminiFormat.usage(json["usageMetadata"]) ?? answer.usage
        if let error = ErrorBody(in: json) { throw ProviderErrors.failure(inStream: error, usage: answer.usage) }
        answer.model = OpenAIFormat.nonEmpty(json["modelVersion"]) ?? answer.model
        answer.responseID = OpenAIFormat.nonEmpty(json["responseId"]) ?? answer.responseID
        block = json["promptFeedback"]?["blockReason"]?.string ?? block
        guard let candidate = json["candidates"]?.array?.first(where: { $0["index"]?.int ?? 0 == 0 }) else { return [] }
        reason = OpenAIFormat.nonEmpty(candidate["finishReason"]) ?? reason
        return (candidate["content"]?["parts"]?.array ?? []).compactMap { part($0) }
    }

    private mutating func part(_ part: JSONValue) -> StreamPiece? {
        if let call = part["functionCall"] {
            let id = GeminiCallID(
                given: OpenAIFormat.nonEmpty(call["id"]), signature: part["thoughtSignature"]?.string,
                place: answer.toolCalls.count)
            answer.toolCalls.append(
                ToolCall(id: id.text, name: call["name"]?.string ?? "", arguments: (call["args"] ?? [:]).text()))
            return nil
        }
        guard let text = OpenAIFormat.nonEmpty(part["text"]) else { return nil }
        if part["thought"] == true {
            reasoning += text
            return .reasoning(text)
        }
        answer.text += text
        return .text(text)
    }

    /// A refused prompt comes with status 200 and without an answer.
    func response(isWhole: Bool) throws -> ModelResponse {
        if let block, reason == nil {
            throw ProviderFailure(
                .contentFiltered, "the prompt was refused: \(block)", status: 200, code: block, usage: answer.usage)
        }
        guard reason != nil || isWhole else {
            throw ProviderFailure(.cutStream, "the stream ended before the answer did", usage: answer.usage)
        }
        var answer = answer
        answer.reasoning = reasoning.isEmpty ? nil : reasoning
        answer.finishReason = GeminiFormat.finish(reason ?? "STOP", hasCalls: !answer.toolCalls.isEmpty)
        return answer
    }
}
