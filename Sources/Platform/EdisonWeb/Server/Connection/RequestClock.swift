import NIOCore
import NIOHTTPTypes

/// Ends the reading of a body that comes too slowly: who sends a byte a minute would hold a connection for ever.
final class RequestClock: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private var pace: BodyPace?
    private var timer: Scheduled<Void>?

    init(_ limits: ConnectionLimits) { self.limits = limits }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: pace = BodyPace(grace: limits.bodyGrace, rate: limits.bodyRate)
        case .body(let bytes): pace?.receive(bytes.readableBytes)
        case .end:
            pace = nil
            timer?.cancel()
            timer = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        pace?.stopWaiting(at: .now)
        // Most bodies are there together with their head, and need no clock.
        if pace != nil, timer == nil { tick(context) }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        pace?.wait(at: .now)
        context.read()
    }

    private func tick(_ context: ChannelHandlerContext) {
        let interval = min(.seconds(1), limits.bodyGrace / 4)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(interval)) {
            self.timer = nil
            guard let pace = self.pace else { return }
            guard pace.isTooSlow(at: .now) else { return self.tick(context) }
            self.pace = nil
            context.fireErrorCaught(SlowBody())
        }
    }
}

/// How fast a body comes, in the time in which it was waited for: while the server does not read, nobody is slow.
struct BodyPace {
    let grace: Duration
    /// Bytes a second.
    let rate: Int
    private var received = 0
    private var waited: Duration = .zero
    private var since: ContinuousClock.Instant?

    init(grace: Duration, rate: Int) {
        self.grace = grace
        self.rate = rate
    }

    mutating func wait(at moment: ContinuousClock.Instant) { since = since ?? moment }

    mutating func stopWaiting(at moment: ContinuousClock.Instant) {
        if let since { waited += moment - since }
        since = nil
    }

    mutating func receive(_ bytes: Int) { received += bytes }

    func isTooSlow(at moment: ContinuousClock.Instant) -> Bool {
        let all = waited + (since.map { moment - $0 } ?? .zero)
        return all > grace + .seconds(Double(received) / Double(rate))
    }
}

/// A body came too slowly.
struct SlowBody: Error {}
