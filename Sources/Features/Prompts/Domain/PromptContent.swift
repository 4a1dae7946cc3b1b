package import EdisonCore

/// Everything a prompt version says: what is hashed, diffed, rendered and served.
package struct PromptContent: Hashable, Sendable {
    /// The user turn, with `{{variables}}` taken from a case's input; empty when `messages` stands for it.
    package var text: String
    package var systemText: String?
    package var fewShots: [FewShot]
    /// A whole conversation instead of one user turn; the texts are templates as well.
    package var messages: [TemplateMessage]
    /// Function definitions in the form of OpenAI's `tools`.
    package var toolsSchema: JSONValue?

    package init(
        text: String, systemText: String? = nil, fewShots: [FewShot] = [], messages: [TemplateMessage] = [],
        toolsSchema: JSONValue? = nil
    ) {
        self.text = text
        self.systemText = systemText
        self.fewShots = fewShots
        self.messages = messages
        self.toolsSchema = toolsSchema
    }
}

/// An example exchange that is shown to the model before the case.
package struct FewShot: Hashable, Sendable {
    package var user: String
    package var assistant: String

    package init(user: String, assistant: String) {
        self.user = user
        self.assistant = assistant
    }
}

/// One turn of a prompt that is written as a conversation.
package struct TemplateMessage: Hashable, Sendable {
    package var role: String
    package var text: String

    package init(role: String, text: String) {
        self.role = role
        self.text = text
    }
}

extension PromptContent {
    /// The form that is stored and hashed; absent parts are left out, so that a part added later changes no hash.
    package var json: JSONValue {
        var object = JSONObject()
        object["text"] = .string(text)
        object["system_text"] = systemText.map { .string($0) }
        if !fewShots.isEmpty {
            object["few_shots"] = .array(
                fewShots.map { ["user": .string($0.user), "assistant": .string($0.assistant)] })
        }
        if !messages.isEmpty {
            object["messages"] = .array(messages.map { ["role": .string($0.role), "content": .string($0.text)] })
        }
        object["tools"] = toolsSchema
        return .object(object)
    }

    package init(json: JSONValue) {
        self.init(
            text: json["text"]?.string ?? "",
            systemText: json["system_text"]?.string,
            fewShots: (json["few_shots"]?.array ?? []).map {
                FewShot(user: $0["user"]?.string ?? "", assistant: $0["assistant"]?.string ?? "")
            },
            messages: (json["messages"]?.array ?? []).map {
                TemplateMessage(role: $0["role"]?.string ?? "user", text: $0["content"]?.string ?? "")
            },
            toolsSchema: json["tools"])
    }

    /// The content address: SHA-256 of the canonical form of all parts, so versions that differ only in system text,
    /// examples or tools differ too (requirement Z27).
    package var versionHash: ContentHash { ContentHash(of: json) }

    /// The parts that an edit may name.
    package subscript(target: EditTarget) -> String {
        get {
            switch target {
            case .prompt: text
            case .systemPrompt: systemText ?? ""
            }
        }
        set {
            switch target {
            case .prompt: text = newValue
            case .systemPrompt: systemText = newValue.isEmpty && systemText == nil ? nil : newValue
            }
        }
    }
}

/// The part of a prompt that a proposed edit changes.
package enum EditTarget: String, Sendable, CaseIterable {
    case prompt
    case systemPrompt = "system_prompt"
}
