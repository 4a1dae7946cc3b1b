import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// What a connection speaks: HTTP/1.1, or WebSocket when its first request asks for it at an address that has one.
///
/// Hummingbird's own channel cannot be used with upgrades: NIO's decoder reads nothing more after a request that asks
/// for another protocol, such as `Upgrade: h2c` of curl and Java, so that the next request would never be answered.
struct WebChannel: ServerChildChannel, HTTPChannelHandler {
    enum Decision: Sendable {
        case upgrade(@Sendable (WebSocket) async throws -> Void)
        /// The router answers.
        case pass
    }

    enum Negotiated: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        case webSocket(
            NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, @Sendable (WebSocket) async throws -> Void)
    }

    struct Value: ServerChildChannelValue {
        let negotiated: EventLoopFuture<Negotiated>
        let channel: any Channel
    }

    let responder: HTTPChannelHandler.Responder
    let limits: ConnectionLimits
    /// Looks at the head of a request that asks for WebSocket.
    let decide: @Sendable (HTTPRequestHead, any Channel) async -> Decision

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let encoder = HTTPResponseEncoder()
            let decoder = ByteToMessageHandler(
                HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits.decoder))
            let negotiation = ProtocolNegotiation(
                self, encoder, decoder, logger, promise: channel.eventLoop.makePromise())
            try channel.pipeline.syncOperations.addHandlers(encoder, decoder, negotiation)
            return Value(negotiated: negotiation.promise.futureResult, channel: channel)
        }
    }

    func addHTTP(_ channel: any Channel, _ logger: Logger) throws -> Negotiated {
        try channel.pipeline.syncOperations.addHandlers(
            HTTP1ToHTTPServerCodec(secure: false), AnswerEnding(farewell: limits.farewell), RequestClock(limits),
            HTTPConnectionStateHandler(idleTimeout: limits.idle, logger: logger))
        return .http(
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
    }

    func addWebSocket(
        _ channel: any Channel, _ handler: @escaping @Sendable (WebSocket) async throws -> Void
    ) throws -> Negotiated {
        try channel.pipeline.syncOperations.addHandlers(
            WebSocketFrameEncoder(), ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.frame)),
            WebSocketProtocolErrorHandler(), WebSocketControl(ping: limits.ping, pong: limits.pong),
            NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 4_096, maxAccumulatedFrameSize: limits.message))
        let slow = NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark(lowWatermark: 2, highWatermark: 10)
        return .webSocket(
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(backPressureStrategy: slow)), handler)
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.negotiated.get() {
            case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
            case .webSocket(let channel, let handler): try await talk(on: channel, handler, logger)
            }
        } catch {
            logger.debug("connection ended", metadata: ["error": "\(error)"])
            value.channel.close(promise: nil)
        }
    }

    private func talk(
        on channel: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>,
        _ handler: @Sendable (WebSocket) async throws -> Void, _ logger: Logger
    ) async throws {
        try await channel.executeThenClose { inbound, outbound in
            var code = WebSocketErrorCode.normalClosure
            do { try await handler(WebSocket(inbound: inbound, outbound: outbound)) } catch is CancellationError {
                code = .goingAway
            } catch is NIOWebSocketFrameAggregator.Error {
                code = .messageTooLarge
            } catch {
                logger.error("failed", metadata: ["error": "\(LoggedError(error))"])
                code = .unexpectedServerError
            }
            // Goes nowhere when the other side has closed already.
            try? await outbound.write(WebSocketFrame(closing: code))
        }
    }
}
