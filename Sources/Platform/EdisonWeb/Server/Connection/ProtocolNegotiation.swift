import Crypto
import Foundation
import Logging
import NIOCore
import NIOHTTP1

/// Looks at the connection's first request and builds the rest of the pipeline for it; afterwards it marks each
/// request after which the connection must end.
///
/// NIO's own handler for upgrades swallows a request whose upgrade it refuses. Here it goes on to the router, with
/// `Connection: close`, since the decoder reads nothing behind it.
final class ProtocolNegotiation: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case first
        case upgradeHead(HTTPRequestHead)
        case deciding
        case http
        case over
    }

    private let owner: WebChannel
    private let encoder: HTTPResponseEncoder
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private let logger: Logger
    let promise: EventLoopPromise<WebChannel.Negotiated>
    private var state = State.first
    private var timer: Scheduled<Void>?

    init(
        _ owner: WebChannel, _ encoder: HTTPResponseEncoder, _ decoder: ByteToMessageHandler<HTTPRequestDecoder>,
        _ logger: Logger, promise: EventLoopPromise<WebChannel.Negotiated>
    ) {
        self.owner = owner
        self.encoder = encoder
        self.decoder = decoder
        self.logger = logger
        self.promise = promise
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(owner.limits.head)) {
            self.refuseSlowHead(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        switch state {
        case .http, .over: break
        case .first, .upgradeHead, .deciding: promise.fail(ChannelError.inputClosed)
        }
        state = .over
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        let ends = event is ChannelShouldQuiesceEvent || (event as? ChannelEvent) == .inputClosed
        switch state {
        case .first, .upgradeHead,
            .deciding where ends:
            context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state {
        case .http, .over: context.fireErrorCaught(error)
        case .first, .upgradeHead, .deciding:
            // A first request that cannot be read: the pipeline of HTTP knows how to say so.
            become(context, [], then: error)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .http: context.fireChannelRead(wrapInboundOut(unwrapInboundIn(data).markingLast))
        case .first:
            let part = unwrapInboundIn(data)
            timer?.cancel()
            if case .head(let head) = part, head.asksForWebSocket {
                state = .upgradeHead(head)
            } else {
                become(context, [part])
            }
        case .upgradeHead(let head):
            let part = unwrapInboundIn(data)
            guard case .end = part else { return become(context, [.head(head), part]) }
            decide(context, head, part)
        // The decoder has stopped: nothing comes.
        case .deciding: break
        // What the decoder left over: bytes of frames, and no parts of HTTP.
        case .over: context.fireChannelRead(data)
        }
    }

    private func decide(_ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ end: HTTPServerRequestPart) {
        state = .deciding
        let decide = owner.decide
        let channel = context.channel
        context.eventLoop.makeFutureWithTask { await decide(head, channel) }.assumeIsolated().whenComplete { result in
            // The other side may have gone.
            guard case .deciding = self.state else { return }
            guard case .success(.upgrade(let handler)) = result else {
                return self.become(context, [.head(head), end])
            }
            self.upgrade(context, head, handler)
        }
    }

    private func become(
        _ context: ChannelHandlerContext, _ parts: [HTTPServerRequestPart], then error: (any Error)? = nil
    ) {
        timer?.cancel()
        do {
            let negotiated = try owner.addHTTP(context.channel, logger)
            state = .http
            promise.succeed(negotiated)
        } catch {
            state = .over
            promise.fail(error)
            return context.close(promise: nil)
        }
        for part in parts { context.fireChannelRead(wrapInboundOut(part.markingLast)) }
        if let error { context.fireErrorCaught(error) }
        // What is wrapped as an asynchronous channel hands on when a reading is complete.
        context.fireChannelReadComplete()
    }

    private func upgrade(
        _ context: ChannelHandlerContext, _ head: HTTPRequestHead,
        _ handler: @escaping @Sendable (WebSocket) async throws -> Void
    ) {
        let key = (head.headers.first(name: "sec-websocket-key") ?? "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        let headers: HTTPHeaders = [
            "upgrade": "websocket", "connection": "upgrade",
            "sec-websocket-accept": Data(Insecure.SHA1.hash(data: Data(key.utf8))).base64EncodedString(),
        ]
        let answer = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.writeAndFlush(wrapOutboundOut(.head(answer)), promise: nil)
        do {
            let negotiated = try owner.addWebSocket(context.channel, handler)
            state = .over
            let pipeline = context.pipeline.syncOperations
            // The decoder hands on the bytes that it has not read, through here, to the decoder of frames.
            pipeline.removeHandler(decoder).and(pipeline.removeHandler(encoder)).assumeIsolated().whenComplete {
                self.promise.completeWith($0.map { _ in negotiated })
                context.fireChannelReadComplete()
                context.pipeline.syncOperations.removeHandler(self, promise: nil)
            }
        } catch {
            promise.fail(error)
            context.close(promise: nil)
        }
    }

    private func refuseSlowHead(_ context: ChannelHandlerContext) {
        guard case .first = state else { return }
        let headers: HTTPHeaders = ["connection": "close", "content-length": "0"]
        context.write(
            wrapOutboundOut(.head(.init(version: .http1_1, status: .requestTimeout, headers: headers))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}

extension HTTPRequestHead {
    fileprivate var asksForWebSocket: Bool {
        method == .GET && version == .http1_1
            && headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
            && headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
            && headers.first(name: "sec-websocket-version") == "13" && headers.contains(name: "sec-websocket-key")
    }
}

extension HTTPServerRequestPart {
    /// With one spelling of what says that the connection ends behind this request.
    fileprivate var markingLast: HTTPServerRequestPart {
        guard case .head(var head) = self, !head.isKeepAlive || head.headers.contains(name: "upgrade") else {
            return self
        }
        head.headers.replaceOrAdd(name: "connection", value: "close")
        return .head(head)
    }
}
