import EdisonCore
import EdisonLLM
import EdisonServer

/// A server that runs already, as whoever watches over it asks: for health checks without another program.
struct RunningServer {
    private let url: String

    init(_ settings: ServerSettings) {
        var settings = settings
        // One that listens at every address listens at loopback too.
        if settings.host == "0.0.0.0" { settings.host = "127.0.0.1" }
        if settings.host == "::" { settings.host = "::1" }
        url = settings.url(port: settings.port)
    }

    func requireReady() async throws {
        let transport = HTTPTransport()
        let status: Int
        do {
            status = try await transport.send(.init(method: "GET", url: url + "/ready"), timeout: .seconds(5)).status
            await transport.shutdown()
        } catch {
            await transport.shutdown()
            let words = (error as? ProviderFailure)?.message ?? "\(error)"
            throw EdisonError(.unavailable, "No server answers at \(url): \(words).")
        }
        guard status == 200 else {
            throw EdisonError(.unavailable, "The server at \(url) cannot work now: it answers \(status).")
        }
        StandardOutput.line("\(url) can work")
    }
}
