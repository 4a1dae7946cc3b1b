import ArgumentParser
import EdisonCore
import EdisonServer
import Logging

/// Serves the product to people and programs.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Starts the server: API, jobs and events.")

    @Option(help: "SQLite file or postgres://… URL.") var database = RunOptions.defaultDatabase
    @Option(help: "The address to listen at.") var host = "127.0.0.1"
    @Option(help: "The port to listen at; 0 takes a free one.") var port = 8080

    func run() async throws {
        var settings = ServerSettings()
        settings.database = database
        settings.host = host
        settings.port = port
        var log = Logger(label: "edison") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = .warning
        let server = try await Server(settings, log: log)
        let path = try await server.startPath()
        try await server.run { port in StandardOutput.line("http://\(host):\(port)\(path)") }
    }
}
