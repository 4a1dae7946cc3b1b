extension ProviderKind {
    package static let openAI = ProviderKind("openai")
    package static let openAICompatible = ProviderKind("openai-compatible")
    package static let groq = ProviderKind("groq")
    package static let azureOpenAI = ProviderKind("azure-openai")
    /// Gemini's own API, with a key.
    package static let gemini = ProviderKind("gemini")
    package static let googleVertex = ProviderKind("google-vertex")
    package static let awsBedrock = ProviderKind("aws-bedrock")
    package static let anthropic = ProviderKind("anthropic")
    package static let ollama = ProviderKind("ollama")
    /// A program of one's own, run once a case.
    package static let command = ProviderKind("command")
    /// An application of one's own, asked over HTTP.
    package static let http = ProviderKind("http")

    /// Runs on one's own machine: no price unless the file gives one.
    package var isFree: Bool { [.ollama, .command, .http].contains(self) }
    /// Is handed the case's input as data, beside the rendered prompt.
    package var takesCaseInput: Bool { [.command, .http].contains(self) }
    package var needsModelName: Bool { !takesCaseInput }
}
