import EdisonCore
package import EdisonWeb

/// What a prompt says, as requests carry it.
package struct PromptContentRequest: RequestBody {
    package let content: PromptContent

    package init(_ fields: Fields) {
        let shots = fields.value("few_shots", .list(of: .body(Shot.self), 0...100), or: [])
        let messages = fields.value("messages", .list(of: .body(Turn.self), 0...100), or: [])
        let text = fields.value("text", .text(0...200_000), or: "", "The user turn, with {{variables}}.")
        if text.isEmpty, messages.isEmpty { fields.fault("text", "is missing; or give messages") }
        content = PromptContent(
            text: text, systemText: fields.optional("system_text", .text(0...200_000)),
            fewShots: shots.map { FewShot(user: $0.user, assistant: $0.assistant) },
            messages: messages.map { TemplateMessage(role: $0.role.rawValue, text: $0.content) },
            toolsSchema: fields.optional("tools_schema", .list(of: .object, 0...128), "In the form of OpenAI's tools.")
                .map { .array($0.map { .object($0) }) })
    }

    private struct Shot: RequestBody {
        let user: String
        let assistant: String

        init(_ fields: Fields) {
            user = fields.required("user", .text(1...100_000))
            assistant = fields.required("assistant", .text(1...100_000))
        }
    }

    private enum Speaker: String, CaseIterable, Sendable { case system, user, assistant }

    private struct Turn: RequestBody {
        let role: Speaker
        let content: String

        init(_ fields: Fields) {
            role = fields.required("role", .word)
            content = fields.required("content", .text(1...200_000))
        }
    }
}

struct CreatePrompt: RequestBody {
    static let example: JSONObject? = ["name": "support-reply", "text": "Answer the customer.\n\nMessage: {{message}}"]

    let name: String
    let description: String
    let content: PromptContent
    let message: String

    init(_ fields: Fields) {
        name = fields.required("name", .name(1...120))
        description = fields.value("description", .text(0...2_000), or: "")
        message = fields.value("message", .text(0...500), or: "", "What this version is for.")
        content = PromptContentRequest(fields).content
    }
}

struct CreateVersion: RequestBody {
    static let example: JSONObject? = [
        "text": "Greet the customer by name, then answer.\n\nMessage: {{message}}", "message": "Begins with a greeting",
    ]

    let content: PromptContent
    let message: String
    let parent: PromptVersion.ID?

    init(_ fields: Fields) {
        message = fields.value("message", .text(0...500), or: "", "What it changes, and why.")
        parent = fields.optional("parent_version_id", .text(1...100)).map { PromptVersion.ID($0) }
        content = PromptContentRequest(fields).content
    }
}

struct ChangePrompt: RequestBody {
    static let example: JSONObject? = ["description": "What our support answers"]

    let name: String?
    let description: String?

    init(_ fields: Fields) {
        name = fields.optional("name", .name(1...120))
        description = fields.optional("description", .text(0...2_000))
    }
}

struct SetTag: RequestBody {
    static let example: JSONObject? = ["version_id": "$VERSION"]

    let version: PromptVersion.ID

    init(_ fields: Fields) { version = PromptVersion.ID(fields.required("version_id", .text(1...100))) }
}
