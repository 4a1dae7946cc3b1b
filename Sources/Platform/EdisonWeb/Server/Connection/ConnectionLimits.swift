import NIOCore
import NIOHTTP1

/// How much of the server one connection can take, and for how long.
package struct ConnectionLimits: Sendable {
    /// Of one header field, and of all of them with the address.
    package var headerField = 16 << 10
    package var headerList = 64 << 10
    package var headerCount = 100
    /// From the opening of a connection to the end of its first request's head.
    package var head: Duration = .seconds(15)
    /// A body may be slow for so long …
    package var bodyGrace: Duration = .seconds(20)
    /// … and must then have come at this rate on average, in bytes a second.
    package var bodyRate = 10_000
    /// Of a connection that nobody uses.
    package var idle: Duration = .seconds(75)
    /// How long a connection that ends takes in what was still on its way, so that the last answer is read.
    package var farewell: Duration = .seconds(2)
    package var frame = 1 << 16
    package var message = 1 << 20
    package var ping: Duration = .seconds(30)
    package var pong: Duration = .seconds(15)

    package init() {}

    var decoder: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headerField
        limits.maxHeaderListSize = headerList
        limits.maxHeaderFieldCount = headerCount
        return limits
    }
}
