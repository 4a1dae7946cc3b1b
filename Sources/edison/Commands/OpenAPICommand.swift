import ArgumentParser
import EdisonCore
import EdisonServer

/// Prints the description of the server's API, for generators of clients.
struct OpenAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Prints the description of the server's API (OpenAPI 3.1).",
        discussion: "A running server has it at /api/v1/openapi.json, and a page to read at /docs/api.")

    func run() async throws { StandardOutput.line(try await Server.describeAPI()) }
}
