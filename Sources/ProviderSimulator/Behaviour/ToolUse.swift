internal import EdisonCore

/// Whether a request makes the model call a tool, and with which arguments.
enum ToolUse {
    /// A call when the request demands one, or when the last user message shares a word with a tool's name or
    /// description; nil behind a tool's result, so that a tool loop ends.
    static func call(for request: SimulatedRequest) -> SimulatedAnswer? {
        guard !request.tools.isEmpty, request.toolChoice != .none, request.turns.last?.role == .user else { return nil }
        let tool: SimulatedRequest.Tool? =
            switch request.toolChoice {
            case .named(let name): request.tools.first { $0.name == name }
            case .required: fitting(request) ?? request.tools.first
            case .auto: fitting(request)
            case .none: nil
            }
        guard let tool else { return nil }
        return SimulatedAnswer(
            call: tool.name,
            arguments: SchemaInstance.of(tool.parameters) { argument(named: $0, from: request.lastUser) })
    }

    private static func fitting(_ request: SimulatedRequest) -> SimulatedRequest.Tool? {
        let asked = Set(Words.split(request.lastUser).filter { $0.count > 3 })
        return request.tools.first { tool in
            let name = tool.name.split(separator: "_").joined(separator: " ")
            return !asked.isDisjoint(with: Words.split(name + " " + tool.description))
        }
    }

    /// The word behind "in", "for", "of" or "to", as a person would read an argument off a question; else all of it.
    private static func argument(named name: String, from text: String) -> String {
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
        for (index, word) in words.enumerated().dropLast() where ["in", "for", "of", "to"].contains(word.lowercased()) {
            if let first = words[index + 1].first, first.isUppercase { return words[index + 1] }
        }
        return text
    }
}
