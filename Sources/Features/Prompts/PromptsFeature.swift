package import EdisonWeb

/// What the prompts feature gives to the server.
package struct PromptsFeature: Sendable {
    private let prompts: PromptService

    package init(prompts: PromptService) { self.prompts = prompts }

    package var endpoints: [Endpoint] { PromptAPI(prompts: prompts).endpoints }
}
