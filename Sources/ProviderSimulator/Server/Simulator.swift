package import EdisonCore
internal import Hummingbird
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

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
        try await services(handlingSignals: handlingSignals, onReady: onReady).run()
    }

    private func services(handlingSignals: Bool, onReady: @escaping @Sendable (Int) async -> Void) -> ServiceGroup {
        var logger = Logger(label: "simulator")
        logger.logLevel = .critical
        let application = Application(
            responder: service,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "simulator"),
            onServerRunning: { await onReady($0.localAddress?.port ?? 0) },
            logger: logger)
        var group = ServiceGroupConfiguration(
            services: [.init(service: application)],
            gracefulShutdownSignals: handlingSignals ? [.sigterm, .sigint] : [], logger: logger)
        group.maximumGracefulShutdownDuration = .milliseconds(300)
        return ServiceGroup(configuration: group)
    }

    /// Starts a simulator beside the caller and returns when it listens.
    package static func start(_ configuration: SimulatorConfiguration) async throws -> RunningSimulator {
        let simulator = try Simulator(configuration)
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let services = simulator.services(handlingSignals: false) { continuation.yield($0) }
        let task = Task {
            defer { continuation.finish() }
            try await services.run()
        }
        for await port in ports {
            return RunningSimulator(
                host: configuration.host, port: port, log: simulator.log, services: services, task: task)
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
    fileprivate let services: ServiceGroup
    fileprivate let task: Task<Void, any Error>

    /// Without a path: what clients of Anthropic and Ollama take; those of OpenAI add `/v1`.
    package var baseURL: String { "http://\(host):\(port)" }

    /// Lets requests end for a moment, cuts those that don't, and returns when the port is free.
    ///
    /// The server stops accepting before anything is cancelled: a connection that is accepted and then dropped unseen
    /// would end the process (SwiftNIO's precondition on an unfinished `NIOAsyncWriter`).
    package func stop() async {
        await services.triggerGracefulShutdown()
        _ = await task.result
    }
}
