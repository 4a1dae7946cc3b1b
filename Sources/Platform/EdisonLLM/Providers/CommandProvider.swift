import EdisonCore

/// One's own program, run once a case: JSON on standard input, text or JSON on standard output.
///
/// The setting `command` is a list of words, or one line for the shell.
package struct CommandProvider: ModelProvider {
    package let kind = ProviderKind.command

    package init() {}

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let words = Self.words(endpoint.settings["command"] ?? .null)
        guard !words.isEmpty else { throw ProviderFailure(.badRequest, "the command is empty", code: "refused") }
        do {
            let output = try await RunningCommand(words, folder: endpoint.settings["folder"]?.string).run(
                input: ApplicationFormat.body(request).text() + "\n", timeout: attempt.timeout)
            return try ApplicationFormat.response(output, request: request)
        } catch let failure as ProviderFailure { throw failure.cleaned(of: endpoint.secrets) }
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        .whole { try await respond(to: request, at: endpoint, attempt: attempt) }
    }

    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        throw ProviderFailure(.badRequest, "a command has no embeddings")
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] { [] }

    private static func words(_ json: JSONValue) -> [String] {
        if let list = json.array { return list.compactMap { $0.string ?? $0.int.map(String.init) } }
        return json.string.map { $0.isEmpty ? [] : ["/bin/sh", "-c", $0] } ?? []
    }
}
