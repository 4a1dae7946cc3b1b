import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonLLM
import EdisonSQL
import EdisonSchema
import EdisonServer
import Foundation

/// Says what is configured and what answers.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Says which providers are configured, which answer, and whether the database works.")

    @Option(help: "SQLite file or postgres://… URL.") var database = ".edison/edison.db"

    func run() async throws {
        var isSound = await check("database \(database)") {
            let opened = try await Database.open(database)
            try await Schema.migrate(opened)
            await opened.close()
            return "works"
        }
        let environment = FileEnvironmentVariables.here()
        let transport = HTTPTransport()
        for kind in ProviderCatalog.servedKinds {
            guard
                let endpoint = try? ProviderCatalog.endpoint(
                    kind: kind, credentialID: kind.name, baseURL: nil, apiKey: nil, settings: [:],
                    environment: environment)
            else {
                StandardOutput.line("–  \(kind.name): not configured (\(ProviderCatalog.variables(of: kind)))")
                continue
            }
            guard let provider = ProviderCatalog.providers(transport).first(where: { $0.kind == kind }) else {
                continue
            }
            let isUnasked = kind == .ollama && (environment["OLLAMA_HOST"] ?? "").isEmpty
            let answered = await check("\(kind.name) at \(endpoint.baseURL)", mark: isUnasked ? "–" : "✗") {
                let models: [ModelListing]
                do { models = try await provider.models(at: endpoint) } catch let failure as ProviderFailure
                    where failure.code == ProviderFailure.noListing
                { return "is configured, and not asked: \(failure.message)" }
                let names = models.map(\.name)
                let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
                return "answers, \(names.count) models: \(shown)" + Self.lines(kind, names)
            }
            // A local server that is simply not running is no fault.
            if kind != .ollama { isSound = isSound && answered }
        }
        await transport.shutdown()
        if !isSound { throw ExitStatus.nothingEvaluated }
    }

    private static func lines(_ kind: ProviderKind, _ names: [String]) -> String {
        guard kind == .ollama, !names.isEmpty else { return "" }
        return names.prefix(8).map { "\n     to paste:  - { provider: ollama, model: \"\($0)\" }" }.joined()
    }

    private func check(_ name: String, mark: String = "✗", _ work: () async throws -> String) async -> Bool {
        do {
            StandardOutput.line("✓  \(name): \(try await work())")
            return true
        } catch {
            StandardOutput.line("\(mark)  \(name): \(error)")
            return false
        }
    }
}

/// The process's environment, filled in by a `.env` of the current folder.
enum FileEnvironmentVariables {
    static func here() -> [String: String] {
        FileEnvironment(
            folder: URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
            variables: ProcessInfo.processInfo.environment
        ).variables
    }
}
