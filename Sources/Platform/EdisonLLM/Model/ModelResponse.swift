import EdisonCore

/// What a model answered, in the same form for every provider.
package struct ModelResponse: Hashable, Sendable {
    package var text: String
    package var toolCalls: [ToolCall]
    /// The model's visible thinking, where the provider returns it.
    package var reasoning: String?
    /// nil when the provider did not say: then the cost is unknown, not zero.
    package var usage: TokenUsage?
    /// The model that really spoke, as the provider names it.
    package var model: String
    package var finishReason: FinishReason
    /// The provider's own id of the answer.
    package var responseID: String?

    package init(
        text: String, toolCalls: [ToolCall] = [], reasoning: String? = nil, usage: TokenUsage?, model: String,
        finishReason: FinishReason, responseID: String? = nil
    ) {
        self.text = text
        self.toolCalls = toolCalls
        self.reasoning = reasoning
        self.usage = usage
        self.model = model
        self.finishReason = finishReason
        self.responseID = responseID
    }
}

/// Why the model stopped writing, in words that all providers share: an answer cut at its length is no whole answer.
package enum FinishReason: String, Sendable, CaseIterable {
    case stop, length, contentFilter = "content_filter", toolCalls = "tool_calls", other
}

/// Tokens as they are billed, in one normal form: providers differ on what their counts include.
package struct TokenUsage: Hashable, Sendable {
    /// Everything billed as input, cache reads and writes included.
    package var input: Int
    package var cacheRead: Int
    package var cacheWrite: Int
    /// Everything billed as output, reasoning included.
    package var output: Int
    package var reasoning: Int

    package init(input: Int, cacheRead: Int = 0, cacheWrite: Int = 0, output: Int, reasoning: Int = 0) {
        self.input = input
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.output = output
        self.reasoning = reasoning
    }
}

extension TokenUsage {
    /// Whether a provider can mean it: no count is negative or beyond any model. What is not plausible is unknown, for
    /// a negative bill would lift the limit of a budget.
    package var isPlausible: Bool {
        [input, cacheRead, cacheWrite, output, reasoning].allSatisfy { (0...1_000_000_000).contains($0) }
    }
}

/// A piece of a streamed answer, in the order in which it arrived.
package enum StreamPiece: Hashable, Sendable {
    case text(String)
    case reasoning(String)
    /// The answer is complete; the last piece of every stream that did not fail.
    case end(ModelResponse)
}

/// Vectors for texts, in the order of the texts.
package struct EmbeddingResponse: Hashable, Sendable {
    package var vectors: [[Float]]
    package var usage: TokenUsage?
    package var model: String

    package init(vectors: [[Float]], usage: TokenUsage?, model: String) {
        self.vectors = vectors
        self.usage = usage
        self.model = model
    }
}
