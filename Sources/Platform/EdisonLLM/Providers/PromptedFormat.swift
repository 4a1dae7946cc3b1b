import EdisonCore

/// For servers without structured output: what the answer must be goes into the prompt.
extension [Message] {
    func asking(for schema: ResponseSchema) -> [Message] {
        appendingToSystem(
            "Answer with one JSON object that follows this JSON Schema, and nothing else:\n\(schema.schema.text())")
    }

    func askingForJSON() -> [Message] { appendingToSystem("Answer with one JSON object, and nothing else.") }

    private func appendingToSystem(_ words: String) -> [Message] {
        var messages = self
        if let index = messages.firstIndex(where: { $0.role == .system }) {
            messages[index].content.append(.text("\n\n\(words)"))
        } else {
            messages.insert(.system(words), at: 0)
        }
        return messages
    }
}
