import NIOCore
import NIOWebSocket

/// Answers pings, sends its own, takes part in the handshake of closing, and says that the server goes; only data
/// frames come through.
final class WebSocketControl: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let ping: Duration
    private let pong: Duration
    private var timer: Scheduled<Void>?
    private var awaitsPong = false
    private var hasSentClose = false

    init(ping: Duration, pong: Duration) {
        self.ping = ping
        self.pong = pong
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { wait(context, ping) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    private func wait(_ context: ChannelHandlerContext, _ time: Duration) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) {
            if self.awaitsPong || self.hasSentClose { return context.close(promise: nil) }
            self.awaitsPong = true
            let ping = WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
            context.writeAndFlush(self.wrapOutboundOut(ping), promise: nil)
            self.wait(context, self.pong)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        // NIO does not look whether a client masks.
        guard frame.maskKey != nil else { return close(context, .protocolError) }
        if awaitsPong {
            awaitsPong = false
            wait(context, ping)
        }
        switch frame.opcode {
        case .ping:
            guard !hasSentClose else { return }
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .pong: break
        case .connectionClose:
            if hasSentClose { return context.close(promise: nil) }
            var reason = frame.unmaskedData
            let code = reason.readSlice(length: min(2, reason.readableBytes)) ?? ByteBuffer()
            end(context, WebSocketFrame(fin: true, opcode: .connectionClose, data: code))
        default: if !hasSentClose { context.fireChannelRead(data) }
        }
    }

    private func close(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        if !hasSentClose { end(context, WebSocketFrame(closing: code)) }
    }

    private func end(_ context: ChannelHandlerContext, _ frame: WebSocketFrame) {
        hasSentClose = true
        context.writeAndFlush(wrapOutboundOut(frame)).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !hasSentClose else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        if unwrapOutboundIn(data).opcode == .connectionClose {
            hasSentClose = true
            wait(context, .seconds(5))
        }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent, !hasSentClose else {
            return context.fireUserInboundEventTriggered(event)
        }
        hasSentClose = true
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(closing: .goingAway)), promise: nil)
        // It goes too if the other side says nothing.
        wait(context, .seconds(2))
    }
}
