import NIOCore

/// The connection behind a stream of events: as long as it is open, somebody reads.
package struct RequestBodyStream: Sendable {
    private let channel: any Channel

    init(_ channel: any Channel) { self.channel = channel }

    /// Waits until whoever asked has gone, or the task is cancelled. Sees the end of what comes in before a write fails.
    func untilGone() async {
        let (departure, continuation) = AsyncStream<Void>.makeStream()
        let watch = DepartureWatch(continuation)
        do { try await channel.pipeline.addHandler(watch, position: .first) } catch { return }
        for await _ in departure {}
        channel.pipeline.removeHandler(watch, promise: nil)
    }
}

/// Sees the last that comes in on a connection.
private final class DepartureWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let departure: AsyncStream<Void>.Continuation

    init(_ departure: AsyncStream<Void>.Continuation) { self.departure = departure }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { departure.finish() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        departure.finish()
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        departure.finish()
        context.fireChannelInactive()
    }
}
