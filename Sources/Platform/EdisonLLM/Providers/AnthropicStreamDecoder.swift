import EdisonCore

/// Puts the events of a message stream together.
struct AnthropicStreamDecoder: StreamDecoder {
    private let requestedModel: String
    private let answerTool: Tool?
    private var parser = SSEParser()
    private var blocks: [Int: JSONObject] = [:]
    private var message = JSONObject()
    private var usage = JSONObject()
    private var isComplete = false

    init(requestedModel: String, answerTool: Tool?) {
        self.requestedModel = requestedModel
        self.answerTool = answerTool
    }

    mutating func feed(_ bytes: [UInt8]) throws -> [StreamPiece] {
        try parser.feed(bytes).flatMap { try event($0) }
    }

    mutating func finish() throws -> [StreamPiece] {
        let rest = try parser.finish().flatMap { try event($0) }
        guard isComplete else {
            throw ProviderFailure(.cutStream, "the stream ended before the answer did", usage: currentUsage)
        }
        message["content"] = .array(blocks.sorted { $0.key < $1.key }.map { .object($0.value) })
        message["usage"] = .object(usage)
        let response = try AnthropicFormat.response(
            .object(message), requestedModel: requestedModel, answerTool: answerTool)
        return rest + [.end(response)]
    }

    private var currentUsage: TokenUsage? { AnthropicFormat.usage(.object(usage)) }

    private mutating func event(_ event: SSEEvent) throws -> [StreamPiece] {
        guard let json = try? JSONValue(parsing: event.data) else {
            throw ProviderFailure(.malformed, "an event of the stream is not JSON", usage: currentUsage)
        }
        let index = json["index"]?.int ?? 0
        switch json["type"]?.string {
        case "message_start":
            message = json["message"]?.object ?? [:]
            merge(json["message"]?["usage"])
        case "content_block_start": blocks[index] = json["content_block"]?.object ?? [:]
        case "content_block_delta": return delta(index, json["delta"] ?? .null)
        case "message_delta":
            message["stop_reason"] = json["delta"]?["stop_reason"]
            merge(json["usage"])
        case "message_stop": isComplete = true
        case "error":
            throw ProviderErrors.failure(inStream: ErrorBody(text: event.data), usage: currentUsage)
        default: break
        }
        return []
    }

    /// Counts of later events are running totals: they replace.
    private mutating func merge(_ json: JSONValue?) {
        for (key, value) in json?.object ?? [:] where !value.isNull { usage[key] = value }
    }

    private mutating func delta(_ index: Int, _ delta: JSONValue) -> [StreamPiece] {
        if let part = delta["text"]?.string { return append(part, to: "text", of: index) ? [.text(part)] : [] }
        if let part = delta["thinking"]?.string {
            return append(part, to: "thinking", of: index) ? [.reasoning(part)] : []
        }
        if let part = delta["partial_json"]?.string, append(part, to: "partial_json", of: index), let answerTool,
            blocks[index]?["name"]?.string == answerTool.name
        {
            return [.text(part)]
        }
        return []
    }

    /// Returns whether there was anything to append.
    private mutating func append(_ part: String, to key: String, of index: Int) -> Bool {
        if part.isEmpty { return false }
        var block = blocks[index] ?? [:]
        block[key] = .string((block[key]?.string ?? "") + part)
        blocks[index] = block
        return true
    }
}
