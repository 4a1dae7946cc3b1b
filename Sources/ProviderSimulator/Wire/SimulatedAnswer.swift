internal import EdisonCore

/// What a behaviour answers, before a wire format dresses it.
struct SimulatedAnswer: Sendable {
    struct ToolCall: Sendable {
        let name: String
        let arguments: JSONValue
    }

    enum Finish: Sendable { case stop, length, toolCall }

    var text: String
    var toolCall: ToolCall?
    var finish = Finish.stop
    var inputTokens = 0
    var outputTokens = 0

    init(text: String) { self.text = text }

    init(call name: String, arguments: JSONValue) {
        text = ""
        toolCall = ToolCall(name: name, arguments: arguments)
        finish = .toolCall
    }

    /// Counts the tokens and cuts the text at the limit that the request sets.
    func counted(for request: SimulatedRequest) -> SimulatedAnswer {
        var answer = self
        if toolCall == nil, let limit = request.maxTokens, limit > 0, Tokens.count(text) > limit {
            var cut = ""
            var bytes = 0
            for character in text {
                bytes += character.utf8.count
                if bytes > limit * 4 { break }
                cut.append(character)
            }
            answer.text = cut
            answer.finish = .length
        }
        answer.inputTokens = request.inputTokens
        answer.outputTokens = max(1, Tokens.count(answer.text + (toolCall.map { $0.name + $0.arguments.text() } ?? "")))
        return answer
    }

    /// The text in the pieces of a stream: words with the space before them, three at a time.
    var pieces: [String] {
        var pieces: [String] = []
        var piece = ""
        var words = 0
        for character in text {
            if character == " " { words += 1 }
            if words == 3 {
                pieces.append(piece)
                piece = ""
                words = 0
            }
            piece.append(character)
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }
}
