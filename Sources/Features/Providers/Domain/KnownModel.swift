package import EdisonCore

/// What is known of a model beside its price, from what its provider has published; models change, so each entry says
/// as of when.
package struct KnownModel: Hashable, Sendable {
    package enum Capability: String, Sendable, CaseIterable {
        case chat, vision, tools, jsonSchema = "json_schema", reasoning, embedding, caching = "prompt_caching"
    }

    package let provider: String
    package let name: String
    package let contextTokens: Int
    package let maxOutputTokens: Int?
    package let capabilities: [Capability]
    package let asOf: String
    package let source: String

    /// By the name itself, or by that of a dated snapshot of it (`gpt-4o-2024-08-06`).
    static func find(_ model: String, provider: String) -> KnownModel? {
        let own = all.filter { $0.provider == provider }
        if let exact = own.first(where: { $0.name == model }) { return exact }
        return own.first { known in
            model.hasPrefix("\(known.name)-")
                && model.dropFirst(known.name.count + 1).allSatisfy { $0.isNumber || $0 == "-" }
        }
    }

    package static let all: [KnownModel] = openAI + anthropic

    private static let openAI: [KnownModel] = {
        func model(_ name: String, _ context: Int, _ output: Int?, _ capabilities: [Capability]) -> KnownModel {
            KnownModel(
                provider: "openai", name: name, contextTokens: context, maxOutputTokens: output,
                capabilities: capabilities, asOf: "2025-06", source: "OpenAI, model pages")
        }
        let full: [Capability] = [.chat, .vision, .tools, .jsonSchema, .caching]
        return [
            model("gpt-4o", 128_000, 16_384, full), model("gpt-4o-mini", 128_000, 16_384, full),
            model("gpt-4-turbo", 128_000, 4_096, [.chat, .vision, .tools]),
            model("gpt-4.1", 1_047_576, 32_768, full), model("gpt-4.1-mini", 1_047_576, 32_768, full),
            model("gpt-4.1-nano", 1_047_576, 32_768, full),
            model("o3", 200_000, 100_000, full + [.reasoning]), model("o4-mini", 200_000, 100_000, full + [.reasoning]),
            model("text-embedding-3-small", 8_191, nil, [.embedding]),
            model("text-embedding-3-large", 8_191, nil, [.embedding]),
        ]
    }()

    private static let anthropic: [KnownModel] = {
        func model(_ name: String, _ output: Int, _ more: [Capability] = []) -> KnownModel {
            KnownModel(
                provider: "anthropic", name: name, contextTokens: 200_000, maxOutputTokens: output,
                capabilities: [.chat, .vision, .tools, .caching] + more, asOf: "2025-06",
                source: "Anthropic, models overview")
        }
        return [
            model("claude-3-5-haiku", 8_192), model("claude-3-7-sonnet", 64_000, [.reasoning]),
            model("claude-sonnet-4", 64_000, [.reasoning]), model("claude-opus-4", 32_000, [.reasoning]),
        ]
    }()
}
