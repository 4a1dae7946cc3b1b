import EdisonCore
import Foundation
import NIOCore

/// Says in one sentence why the server cannot listen.
enum ListenFailure {
    static func translated(_ error: any Error, _ settings: ServerSettings) -> any Error {
        let place = "\(settings.host):\(settings.port)"
        if let error = error as? IOError {
            let words = String(cString: strerror(error.errnoCode))
            let advice =
                switch error.errnoCode {
                case EADDRINUSE: "Another program listens there. Choose another port with --port, or 0 for a free one."
                case EACCES: "Ports below 1024 need a right of their own. Choose another one with --port."
                case EADDRNOTAVAIL: "The machine has no such address. Name one of its own with --host, or 0.0.0.0."
                default: "Choose another address with --host or --port."
                }
            return EdisonError(.unavailable, "Cannot listen on \(place): \(words).", detail: advice, underlying: error)
        }
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            return EdisonError(
                .invalid, "Cannot listen on \(place): the host is not known.",
                detail: "Name an address of this machine with --host, such as 127.0.0.1 or 0.0.0.0.", underlying: error)
        }
        return error
    }
}
