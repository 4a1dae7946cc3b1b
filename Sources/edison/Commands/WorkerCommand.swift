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
            SQLite file, all processes must run on the machine that the file is on. Ctrl-C or SIGTERM ends a worker: what \
            it has not finished goes back to the queue.
            """)

    @Option(help: "SQLite file or postgres://… URL: that of the server.") var database = RunOptions.defaultDatabase
    @Option(help: "Jobs at once.") var jobs = 5

    func run() async throws {
        var settings = ServerSettings()
        settings.database = database
        settings.jobs.concurrency = jobs
        var log = Logger(label: "edison") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = .warning
        let worker = try await WorkerProcess(settings, log: log)
        try await worker.run { name in StandardOutput.line("Taking jobs as \(name)") }
    }
}
