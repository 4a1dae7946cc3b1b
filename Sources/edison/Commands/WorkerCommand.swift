import ArgumentParser
import EdisonCore
import EdisonServer
import Logging

/// Adds a process that takes jobs to a server's.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Takes jobs from the queue of a server, beside the server itself.",
        discussion: """
            Start as many as there is work for, on any machine that reaches the database; each takes its share. With a \
            SQLite file, all processes must run on the machine that the file is on. It takes the settings of the server \
            that concern it (database, secret_key, allow_private_providers, log_level and log_format) from the same \
            file and environment, and needs the server's key for secrets. Ctrl-C or SIGTERM ends a worker: what it has \
            not finished goes back to the queue.
            """)

    @Option(help: "Reads settings from this file (YAML): that of the server.") var config: String?
    @Option(help: "SQLite file or postgres://… URL: that of the server.") var database: String?
    @Option(help: "The file with the server's key for secrets.") var secretKeyFile: String?
    @Flag(help: .setting("allow_private_providers")) var allowPrivateProviders = false
    @Option(help: "Jobs at once.") var jobs = 5

    func run() async throws {
        var sources = SettingSources()
        sources.file = config
        sources.environment = FileEnvironmentVariables.here()
        sources.options["database"] = database
        sources.options["secret_key_file"] = secretKeyFile
        if allowPrivateProviders { sources.options["allow_private_providers"] = "true" }
        var settings = try sources.settings()
        settings.jobs.concurrency = jobs
        let (format, level) = (settings.logFormat, settings.logLevel)
        let log = Logger(label: "edison") { LineLog($0, format: format, level: level) }
        let worker = try await WorkerProcess(settings, log: log)
        try await worker.run { name in StandardOutput.line("Taking jobs as \(name)") }
    }
}
