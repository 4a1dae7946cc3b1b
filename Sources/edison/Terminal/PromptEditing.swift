import EdisonCore
import EdisonPrompts

/// A prompt in the person's own editor. A conversation is one text with a line before each message.
struct PromptEditing {
    private let content: PromptContent

    init(_ content: PromptContent) { self.content = content }

    /// nil when it was left as it is; throws in words when the text cannot be used.
    func edited() throws -> PromptContent? {
        guard let written = try PersonsEditor.edited(text, ending: "txt") else { return nil }
        let changed = try read(written)
        let names = try PromptRenderer.variables(content)
        guard Set(try PromptRenderer.variables(changed)) == Set(names) else {
            throw EdisonError(
                .invalid, "The edit must keep the variables \(names.map { "{{\($0)}}" }.joined(separator: ", ")).")
        }
        return changed
    }

    private var text: String {
        content.messages.isEmpty
            ? content.text : content.messages.map { "\(mark($0))\n\($0.text)" }.joined(separator: "\n")
    }

    private func mark(_ message: TemplateMessage) -> String { "--- \(message.role) ---" }

    private func read(_ written: String) throws -> PromptContent {
        var changed = content
        guard !content.messages.isEmpty else {
            changed.text = written
            return changed
        }
        var rest = written[...]
        for (index, message) in content.messages.enumerated() {
            guard rest.hasPrefix("\(mark(message))\n") else {
                throw EdisonError(.invalid, "The line \"\(mark(message))\" before message \(index + 1) must stay.")
            }
            rest = rest.dropFirst(mark(message).count + 1)
            let next = index + 1 < content.messages.count ? "\n\(mark(content.messages[index + 1]))\n" : nil
            let end = next.flatMap { rest.firstRange(of: $0)?.lowerBound } ?? rest.endIndex
            changed.messages[index].text = String(rest[..<end])
            rest = end < rest.endIndex ? rest[rest.index(after: end)...] : ""
        }
        return changed
    }
}
