import EdisonCore
import EdisonTestKit
import Testing

@testable import EdisonLLM

/// A stream means the same wherever the network cuts it.
@Suite struct WireStreamCutTests {
    static let ids = [
        "openai/chat-stream", "openai/chat-tools-stream", "anthropic/messages-tools-stream",
        "anthropic/messages-thinking-stream", "ollama/chat-stream", "ollama/chat-tools-stream", "gemini/gen-stream",
    ]

    private static func decoder(_ id: String) -> any StreamDecoder {
        if id.hasPrefix("openai") { return OpenAIStreamDecoder(requestedModel: "m") }
        if id.hasPrefix("anthropic") { return AnthropicStreamDecoder(requestedModel: "m", answerTool: nil) }
        if id.hasPrefix("gemini") { return GeminiStreamDecoder(requestedModel: "m") }
        return OllamaStreamDecoder(requestedModel: "m")
    }

    private static func pieces(_ id: String, _ chunks: [ArraySlice<UInt8>]) throws -> [StreamPiece] {
        var decoder = decoder(id)
        let pieces = try chunks.flatMap { try decoder.feed(Array($0)) }
        return try pieces + decoder.finish()
    }

    @Test("a stream cut in two anywhere gives the same pieces, and so does one byte by byte", arguments: ids)
    func cuts(id: String) throws {
        let bytes = try WireCapture(id).responseBody
        let whole = try Self.pieces(id, [bytes[...]])
        #expect(whole.answer != nil)
        // The first part grows byte by byte; at each length a copy of the decoder reads the rest at once.
        var decoder = Self.decoder(id)
        var pieces: [StreamPiece] = []
        for cut in bytes.indices {
            var copy = decoder
            let rest = try copy.feed(Array(bytes[cut...])) + copy.finish()
            if pieces + rest != whole { Issue.record("cut at byte \(cut)") }
            pieces += try decoder.feed([bytes[cut]])
        }
        let end = try decoder.finish()
        #expect(pieces + end == whole)
    }

    @Test("a stream that breaks off before its last event never passes for whole", arguments: ids)
    func truncated(id: String) throws {
        let bytes = try WireCapture(id).responseBody
        let text = String(decoding: bytes, as: UTF8.self)
        // Up to the event that says how the answer ended.
        let mark = ["\"finish_reason\": \"", "\"finishReason\": \"", "\"type\": \"message_stop\"", "\"done\": true"]
        let end = try #require(mark.compactMap { text.firstRange(of: $0) }.first)
        let count = text[..<end.lowerBound].utf8.count
        for length in stride(from: 0, through: count, by: 11) {
            let failure = #expect(throws: ProviderFailure.self) { _ = try Self.pieces(id, [bytes[..<length]]) }
            #expect(failure?.isRetryable == true)
        }
    }
}
