import EdisonCore
package import Hummingbird
package import Logging
import NIOCore
package import ServiceLifecycle

/// The HTTP server around the API: listens, answers, and on shutdown lets what is under way end.
package struct WebServer: Service {
    private let application: any ApplicationProtocol & Sendable

    /// - Parameter onReady: called once with the port that it listens on.
    package init(
        _ service: APIService, host: String, port: Int, log: Logger,
        onReady: @escaping @Sendable (Int) async -> Void
    ) {
        application = Application(
            responder: service,
            server: .http1(
                configuration: .init(additionalChannelHandlers: [UpgradeRefusal()], idleTimeout: .seconds(75))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "edison", backlog: 1_024),
            onServerRunning: { await onReady($0.localAddress?.port ?? 0) }, logger: log)
    }

    package func run() async throws { try await application.run() }
}
