import ArgumentParser
import EdisonCore
import EdisonLLM
import EdisonServer
import Logging

/// Serves the product to people and programs.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Starts the server: API, jobs and events.",
        discussion: """
            Every setting may also stand in a file or in the environment, as EDISON_PORT and so on; an option stands \
            above both.
            """)

    @Option(help: "Reads settings from this file (YAML).") var config: String?
    @OptionGroup var options: ServeOptions
    @Flag(help: "Asks the server that runs with these settings whether it can work; starts none.") var check = false
    @Flag(help: "Prints the page of all settings.") var printSettings = false

    func run() async throws {
        if printSettings { return try StandardOutput.put(SettingsPage.text) }
        var sources = SettingSources()
        sources.file = config
        sources.environment = FileEnvironmentVariables.here()
        sources.options = options.given
        let settings = try sources.settings()
        if check { return try await RunningServer(settings).requireReady() }
        let log = Logger(label: "edison") { label in
            LineLog(label, format: settings.logFormat, level: settings.logLevel)
        }
        if CertificateBundle.isMissing { log.warning("\(CertificateBundle.advice)") }
        let server = try await Server(settings, log: log)
        let path = try await server.startPath()
        try await server.run { port in
            StandardOutput.line((settings.publicURL ?? settings.url(port: port)) + path)
        }
    }
}
