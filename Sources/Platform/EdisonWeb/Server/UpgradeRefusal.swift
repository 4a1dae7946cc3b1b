import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Lets a connection end after a request that asks for another protocol, such as `Upgrade: h2c` of curl and Java: NIO
/// reads nothing more on it, so that the next request would never be answered.
final class UpgradeRefusal: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), head.headerFields[.upgrade] != nil else {
            return context.fireChannelRead(data)
        }
        head.headerFields[.connection] = "close"
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
