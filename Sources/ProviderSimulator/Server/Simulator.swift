package import EdisonCore
internal import Hummingbird
internal import Logging

/// An HTTP server that speaks the providers' wire formats and answers by itself: for demonstrations without a key or
/// a network, and for tests of everything that talks to a model.
package struct Simulator: Sendable {
    package let log: RequestLog
    private let configuration: SimulatorConfiguration
    private let service: SimulatorService

    /// - Throws: `EdisonError` when the log file cannot be opened.
    package init(_ configuration: SimulatorConfiguration) throws(EdisonError) {
        self.configuration = configuration
        log = try RequestLog(file: configuration.logFile, keepsBodies: configuration.logsBodies)
        service = SimulatorService(configuration, log: log)
    }

    /// Serves until the task is cancelled or, where signals are handled, SIGTERM or SIGINT ends it gracefully.
    ///
    /// - Parameter onReady: called once with the port that the server listens on.
    package func run(handlingSignals: Bool = true, onReady: @escaping @Sendable (Int) async -> Void = { _ in })
        async throws
    {
        var logger = Logger(label: "simulator")
        logger.logLevel = .critical
        let application = Application(
            responder: service,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "simulator"),
            onServerRunning: { await onReady($0.localAddress?.port ?? 0) },
            logger: logger)
        if handlingSignals {
            try await application.runService()
        } else {
            try await application.runService(gracefulShutdownSignals: [])
        }
    }

    /// Starts a simulator beside the caller and returns when it listens.
    package static func start(_ configuration: SimulatorConfiguration) async throws -> RunningSimulator {
        let simulator = try Simulator(configuration)
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let task = Task {
            defer { continuation.finish() }
            try await simulator.run(handlingSignals: false) { continuation.yield($0) }
        }
        for await port in ports {
            return RunningSimulator(host: configuration.host, port: port, log: simulator.log, task: task)
        }
        try await task.value
        throw EdisonError(.unavailable, "The simulator did not start.")
    }
}

/// A simulator that is listening.
package struct RunningSimulator: Sendable {
    package let host: String
    package let port: Int
    package let log: RequestLog
    fileprivate let task: Task<Void, any Error>

    /// Without a path: what clients of Anthropic and Ollama take; those of OpenAI add `/v1`.
    package var baseURL: String { "http://\(host):\(port)" }

    /// Ends all requests at once and returns when the port is free.
    package func stop() async {
        task.cancel()
        _ = await task.result
    }
}
