package import EdisonCore
package import EdisonLLM
import EdisonText

/// Turns a prompt version and a case's input into the messages of a call.
package enum PromptRenderer {
    /// System text, examples, then the user turn or the conversation, each rendered strictly: an unknown variable is
    /// an error, not an empty place. An input with `messages` brings its own conversation, which follows the prompt's.
    package static func messages(_ content: PromptContent, input: JSONObject) throws -> [Message] {
        let data = JSONValue.object(input)
        // All parts are looked through first, so that a person is told every missing name at once.
        let missing = try texts(content).flatMap { try Template($0).missing(in: data) }
        if !missing.isEmpty {
            throw RenderError.missingVariables(missing.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        }
        var messages: [Message] = []
        if let system = content.systemText, !system.isEmpty { messages.append(.system(try render(system, data))) }
        for shot in content.fewShots {
            messages.append(.user(try render(shot.user, data)))
            messages.append(.assistant(try render(shot.assistant, data)))
        }
        for message in content.messages {
            messages.append(
                Message(Message.Role(rawValue: message.role) ?? .user, [.text(try render(message.text, data))]))
        }
        messages += conversation(input)
        if !content.text.isEmpty { messages.append(.user(try render(content.text, data))) }
        return messages
    }

    /// The names that the prompt takes from the input, each once, in reading order.
    package static func variables(_ content: PromptContent) throws -> [String] {
        var seen: [String] = []
        for text in texts(content) {
            for name in try Template(text).variables where !seen.contains(name) { seen.append(name) }
        }
        return seen
    }

    /// The names that the prompt takes and this input lacks, each once; throws for what is no template, and for
    /// partials, which prompts do not have.
    package static func missing(_ content: PromptContent, input: JSONObject) throws -> [String] {
        let data = JSONValue.object(input)
        return try texts(content).flatMap { try Template($0).missing(in: data) }.reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// How often each name is used, over all parts.
    package static func uses(_ content: PromptContent) throws -> [String: Int] {
        var uses: [String: Int] = [:]
        for text in texts(content) {
            for tag in try Template(text).tags where tag.kind != .end && tag.kind != .partial {
                uses[tag.name, default: 0] += 1
            }
        }
        return uses
    }

    package static func tools(_ content: PromptContent) -> [Tool] {
        (content.toolsSchema?.array ?? []).compactMap { item in
            let function = item["function"] ?? item
            guard let name = function["name"]?.string else { return nil }
            return Tool(
                name: name, description: function["description"]?.string,
                parameters: function["parameters"] ?? ["type": "object"])
        }
    }

    private static func texts(_ content: PromptContent) -> [String] {
        [content.systemText].compactMap(\.self) + content.fewShots.flatMap { [$0.user, $0.assistant] }
            + content.messages.map(\.text) + [content.text]
    }

    private static func render(_ text: String, _ data: JSONValue) throws -> String {
        try Template(text).render(data)
    }

    private static func conversation(_ input: JSONObject) -> [Message] {
        (input["messages"]?.array ?? []).compactMap { turn in
            let parts = turn["content"]?.array?.compactMap { $0["text"]?.string }
            guard let text = turn["content"]?.string ?? parts?.joined() else { return nil }
            return Message(Message.Role(rawValue: turn["role"]?.string ?? "user") ?? .user, [.text(text)])
        }
    }
}

extension PromptContent {
    /// All words of a part, for rules about them: those of a conversation are its messages and what follows them.
    package func wording(of target: EditTarget) -> String {
        guard target == .prompt, !messages.isEmpty else { return self[target] }
        return (messages.map(\.text) + [text]).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// The user-side text as people and models are shown it.
    package var shownText: String {
        messages.isEmpty
            ? text
            : (messages.map { "[\($0.role)]\n\($0.text)" } + (text.isEmpty ? [] : [text])).joined(separator: "\n\n")
    }
}

extension PromptContent {
    /// Bytes of everything that the prompt sends besides the case.
    package var shownLength: Int { shownText.utf8.count + (systemText?.utf8.count ?? 0) }
}
