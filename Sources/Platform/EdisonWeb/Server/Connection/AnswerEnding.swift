import EdisonCore
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Ends a connection behind its last answer so that the answer arrives, says what is wrong with a request that cannot
/// be read, and tells a client to send the body that it asks about.
///
/// A socket that is closed while bytes of the other side are still under way throws away what it has sent. So the
/// sending side is closed first, and what still comes is taken in for a moment.
final class AnswerEnding: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let farewell: Duration
    /// For each request without a whole answer: whether the connection ends behind it.
    private var awaited: [Bool] = []
    private var isLast = false
    private var isEnding = false
    private var timer: Scheduled<Void>?

    init(farewell: Duration) { self.farewell = farewell }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        if case .head(let request) = unwrapInboundIn(data) {
            awaited.append(request.headerFields[.connection] == "close")
            if awaited.count == 1, request.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isEnding else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var answer):
            isLast = awaited.first == true || answer.headerFields[.connection] == "close"
            if isLast { answer.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(answer)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            if !awaited.isEmpty { awaited.removeFirst() }
            guard isLast else { return context.write(data, promise: promise) }
            isEnding = true
            context.writeAndFlush(data, promise: promise)
            end(context)
        }
    }

    private func end(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(farewell)) {
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isEnding, (event as? ChannelEvent) == .inputClosed {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isEnding else { return }
        // What comes from the socket is no fault of a request; behind a request that is being answered, the answer
        // comes first.
        if error is IOError || error is ChannelError || !awaited.isEmpty { return context.fireErrorCaught(error) }
        isEnding = true
        let answer = UnreadableRequest.answer(to: error)
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        end(context)
    }
}
