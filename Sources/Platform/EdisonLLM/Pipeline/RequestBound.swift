package import EdisonCore

/// The most that a request can use, known before it is sent.
extension ModelRequest {
    /// Bytes of everything that the model reads: no tokenizer makes more tokens than bytes, plus a frame a message.
    var inputTokenBound: Int {
        let extra = parameters.extra.isEmpty ? 0 : JSONValue.object(parameters.extra).text().utf8.count
        return messages.reduce(extra) { $0 + $1.byteBound + 16 } + tools.reduce(0) { $0 + $1.byteBound }
            + responseFormat.byteBound
    }

    /// nil: nothing bounds it.
    var outputTokenBound: Int? {
        if responseFormat == .vectors { return 0 }
        // Each of several answers to one request may be as long, and is paid for.
        let answers = max(1, parameters.answersAsked)
        // More than any limit, and far from what a column can count.
        let most = 1 << 40
        return parameters.outputLimit.map { limit in
            let (product, isOver) = limit.multipliedReportingOverflow(by: answers)
            return isOver ? most : min(product, most)
        }
    }
}

extension ModelParameters {
    /// Names under which providers take the most that an answer may have; in `extra` they stand above `maxTokens`.
    package static let outputLimits = ["max_tokens", "max_completion_tokens", "max_output_tokens", "num_predict"]

    /// Names in `extra` under which providers take how many answers one request asks for.
    package static let answerCounts = ["n", "best_of"]

    /// A whole number from 1 on, also one that is written as text: many servers read both. nil = no such number.
    package static func count(_ value: JSONValue) -> Int? {
        let number = value.int ?? value.string.flatMap { Int($0.filter { !$0.isWhitespace }) }
        return number.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The most that an answer may have; nil = no limit, which some servers also call 0 or -1.
    var outputLimit: Int? {
        let special = Self.outputLimits.compactMap { extra[$0] }.map(Self.count)
        guard !special.contains(nil) else { return nil }
        return ([maxTokens] + special).compactMap(\.self).max()
    }

    fileprivate var answersAsked: Int { Self.answerCounts.compactMap { extra[$0].flatMap(Self.count) }.max() ?? 1 }

    mutating func limitOutput(to tokens: Int) {
        maxTokens = tokens
        for name in Self.outputLimits where extra[name].map({ Self.count($0) == nil }) ?? false { extra[name] = nil }
    }
}

extension Message {
    fileprivate var byteBound: Int {
        let parts = content.reduce(name?.utf8.count ?? 0) { sum, part in
            switch part {
            case .text(let text): sum + text.utf8.count
            // Providers bill images by area; no common one bills more than this for one.
            case .image, .imageURL: sum + 4_096
            }
        }
        return toolCalls.reduce(parts + (toolCallID?.utf8.count ?? 0)) {
            $0 + $1.arguments.utf8.count + $1.name.utf8.count + $1.id.utf8.count
        }
    }
}

extension Tool {
    fileprivate var byteBound: Int {
        name.utf8.count + (description?.utf8.count ?? 0) + parameters.text().utf8.count + 64
    }
}

extension ResponseFormat {
    /// Where a provider has no structured output, the schema goes into the prompt with a sentence around it.
    fileprivate var byteBound: Int {
        switch self {
        case .text, .vectors: 0
        case .json: 128
        case .schema(let schema): schema.schema.text().utf8.count + schema.name.utf8.count + 128
        }
    }
}
