import EdisonCore
package import EdisonWeb

extension PromptVersion {
    package static let shape = Shape<PromptVersion>(
        "PromptVersion",
        [
            .id("id", \.id), .id("prompt_id", \.promptID), .integer("number", \.number),
            .optionalID("parent_version_id", \.parentID), .text("version_hash") { $0.versionHash.text },
            .text("message", \.message), .time("created_at", \.createdAt),
        ] + PromptContent.shape.of(\.content))
}

extension PromptContent {
    package static let shape = Shape<PromptContent>(
        "PromptContent",
        [
            .text("text", \.text), .optionalText("system_text", \.systemText),
            .any("few_shots") { $0.json["few_shots"] ?? [] }, .any("messages") { $0.json["messages"] ?? [] },
            .any("tools_schema") { $0.toolsSchema ?? .null },
            .texts("variables") { (try? PromptRenderer.variables($0)) ?? [] },
        ])
}

extension LibraryPrompt {
    private static let properties: [Property<LibraryPrompt>] = [
        .id("id", \.id), .id("project_id", \.project), .text("name", \.name), .text("description", \.description),
        .optionalID("published_version_id", \.published), .integer("version_count", \.versions),
        Property("tags", ["type": "object", "additionalProperties": ["type": "string"]]) { prompt in
            .object(
                JSONObject(prompt.tags.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value.text)) }))
        },
        .bool("is_archived", \.isArchived), .time("created_at", \.createdAt), .time("updated_at", \.updatedAt),
    ]

    package static let shape = Shape<LibraryPrompt>("Prompt", properties)
}

extension ServedPrompt {
    static let shape = Shape<ServedPrompt>(
        "ServedPrompt",
        [
            .text("name", \.name), .optionalText("tag", \.tag), .id("version_id") { $0.version.id },
            .integer("version") { $0.version.number }, .text("hash") { $0.version.versionHash.text },
            .time("created_at") { $0.version.createdAt },
        ] + PromptContent.shape.of { $0.version.content })
}
