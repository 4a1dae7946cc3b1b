package import EdisonCore

/// One turn of a conversation with a model, in the form that every provider's format is made from.
package struct Message: Hashable, Sendable {
    package enum Role: String, Sendable, CaseIterable {
        case system, user, assistant, tool
    }

    package var role: Role
    package var content: [ContentPart]
    package var name: String?
    /// What an assistant turn asked to have called.
    package var toolCalls: [ToolCall]
    /// The call that a `tool` turn answers.
    package var toolCallID: String?

    package init(
        _ role: Role, _ content: [ContentPart], name: String? = nil, toolCalls: [ToolCall] = [],
        toolCallID: String? = nil
    ) {
        self.role = role
        self.content = content
        self.name = name
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }

    package static func system(_ text: String) -> Message { Message(.system, [.text(text)]) }
    package static func user(_ text: String) -> Message { Message(.user, [.text(text)]) }
    package static func assistant(_ text: String) -> Message { Message(.assistant, [.text(text)]) }

    /// The text parts, joined.
    package var text: String {
        content.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }
}

/// A piece of a message, since one turn may hold text and images in any order.
package enum ContentPart: Hashable, Sendable {
    case text(String)
    /// An image by its media type (`image/png`) and bytes in base64.
    case image(mediaType: String, base64: String)
    /// An image by address, which the provider fetches.
    case imageURL(String)
}

/// A function that the model may ask for; `parameters` is a JSON Schema.
package struct Tool: Hashable, Sendable {
    package var name: String
    package var description: String?
    package var parameters: JSONValue

    package init(name: String, description: String? = nil, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// How free the model is to answer in words instead of asking for a tool.
package enum ToolChoice: Hashable, Sendable {
    case auto, none, required
    case named(String)
}

/// A model's request to call a function. `arguments` stays text: models do write invalid JSON, and it must not be
/// lost.
package struct ToolCall: Hashable, Sendable {
    package var id: String
    package var name: String
    package var arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
