import AsyncHTTPClient
import Foundation
import NIOCore

/// Says in the words of `ProviderFailure` what went wrong on the wire.
enum TransportFailure {
    static let tooLong = ProviderFailure(.malformed, "the answer is longer than 64 MiB")

    /// An error before the head of the answer. The code `refused` says that nothing was sent: such a call is surely
    /// not billed.
    static func beforeAnswer(_ error: any Error) -> any Error {
        if let settled = settled(error) { return settled }
        if isOfTLS(error), CertificateBundle.isMissing {
            return ProviderFailure(.connection, CertificateBundle.advice, code: "refused")
        }
        guard let error = error as? HTTPClientError else {
            let unconnected = unconnected(error)
            return ProviderFailure(
                .connection, unconnected ?? "the connection failed: \(words(error))",
                code: unconnected == nil ? nil : "refused")
        }
        switch error {
        case .readTimeout, .writeTimeout, .deadlineExceeded: return ProviderFailure(.timeout, "no answer in time")
        case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout:
            return ProviderFailure(.connection, "no connection in time", code: "refused")
        case .remoteConnectionClosed:
            return ProviderFailure(.connection, "the connection was closed before an answer came")
        case .invalidURL, .emptyHost, .emptyScheme:
            return ProviderFailure(.badRequest, "the address is not valid", code: "refused")
        default: return ProviderFailure(.connection, "the connection failed: \(error.shortDescription)")
        }
    }

    /// NIO's types for TLS are no import of this target.
    private static func isOfTLS(_ error: any Error) -> Bool {
        String(reflecting: type(of: error)).hasPrefix("NIOSSL.")
    }

    /// Why no connection came about; nil when one may have. A host by name fails with NIO's list of all its addresses,
    /// one by address with the system's error.
    private static func unconnected(_ error: any Error) -> String? {
        if let error = error as? IOError {
            if error.errnoCode == ECONNREFUSED { return "the connection was refused" }
            let unreachable = [EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL]
            return unreachable.contains(error.errnoCode) ? "the host is not reachable" : nil
        }
        return String(describing: type(of: error)) == "NIOConnectionError"
            ? "no connection: the host is not known, or nobody listens there" : nil
    }

    /// An error after the head: part of the answer may have come, and its cost is not known.
    static func inAnswer(_ error: any Error) -> any Error {
        if let settled = settled(error) { return settled }
        if let error = error as? HTTPClientError, error == .readTimeout || error == .deadlineExceeded {
            return ProviderFailure(.timeout, "the answer was not complete in time")
        }
        return ProviderFailure(.cutStream, "the connection broke in the middle of the answer: \(words(error))")
    }

    /// Errors that are final as they are; a cancelled task's are all its cancellation, whatever the socket said.
    private static func settled(_ error: any Error) -> (any Error)? {
        if Task.isCancelled || error is CancellationError { return CancellationError() }
        if let error = error as? HTTPClientError, error == .cancelled { return CancellationError() }
        return error as? ProviderFailure
    }

    private static func words(_ error: any Error) -> String {
        (error as? HTTPClientError)?.shortDescription ?? String("\(error)".prefix(200))
    }
}
