import EdisonCore
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP server around the API: listens, answers, and on shutdown lets what is under way end.
package struct WebServer: Service {
    private let application: any ApplicationProtocol & Sendable

    /// - Parameter onReady: called once with the port that it listens on.
    package init(
        _ service: APIService, host: String, port: Int, limits: ConnectionLimits = ConnectionLimits(), log: Logger,
        onReady: @escaping @Sendable (Int) async -> Void
    ) {
        application = Application(
            responder: service,
            server: HTTPServerBuilder { responder in
                WebChannel(responder: responder, limits: limits) { head, channel in
                    await service.decide(head, channel)
                }
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "edison", backlog: 1_024,
                availableConnectionsDelegate: .maximum(OpenFiles.connections(of: service.settings), logger: log)),
            onServerRunning: { await onReady($0.localAddress?.port ?? 0) }, logger: log)
    }

    package func run() async throws { try await application.run() }
}
