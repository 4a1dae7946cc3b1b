import EdisonCore
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on loopback that answers in chat completions by a script. The script may take its time, so that a
/// test decides when an answer comes; the server keeps its own book of what it was asked and who went away.
final class ModelServer: Sendable {
    struct Request: Sendable {
        /// In the order of arrival, from 0.
        let index: Int
        let target: String
        let headers: HTTPHeaders
        let body: JSONValue

        /// Our id of the attempt.
        var attempt: String { headers["edison-attempt"].joined(separator: ",") }
        var key: String { headers.first(name: "authorization") ?? headers.first(name: "x-api-key") ?? "" }
        var model: String { body["model"]?.string ?? "" }
        var messages: [JSONValue] { body["messages"]?.array ?? [] }
        /// The last message.
        var text: String { messages.last?["content"]?.string ?? "" }
    }

    typealias Script = @Sendable (Request) async -> WireReply

    let port: Int
    var url: String { "http://127.0.0.1:\(port)/v1" }

    private let channel: any Channel
    fileprivate struct Book {
        var requests: [Request] = []
        var departures: [Request] = []
    }
    fileprivate let book: BookKeeper

    /// Runs a server for as long as `use` runs.
    static func running<Value>(
        _ script: @escaping Script, _ use: (ModelServer) async throws -> Value
    ) async throws -> Value {
        let server = try await ModelServer(script)
        do {
            let value = try await use(server)
            try await server.channel.close()
            return value
        } catch {
            try? await server.channel.close()
            throw error
        }
    }

    private init(_ script: @escaping Script) async throws {
        let book = BookKeeper()
        self.book = book
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(script: script, book: book))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// Every request so far, in the order of arrival.
    var requests: [Request] { book.entries.withLock { $0.requests } }
    /// Those whose client left before the answer was complete.
    var departures: [Request] { book.entries.withLock { $0.departures } }
}

private final class BookKeeper: Sendable {
    let entries = Mutex(ModelServer.Book())

    func enter(_ head: HTTPRequestHead, _ body: [UInt8]) -> ModelServer.Request {
        entries.withLock { book in
            let request = ModelServer.Request(
                index: book.requests.count, target: head.uri, headers: head.headers,
                body: (try? JSONValue(parsing: body)) ?? .null)
            book.requests.append(request)
            return request
        }
    }

    func leave(_ request: ModelServer.Request) { entries.withLock { $0.departures.append(request) } }
}

/// One connection: reads a request, waits for the script, writes its reply.
private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let script: ModelServer.Script
    private let book: BookKeeper
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    /// The request whose answer is not complete.
    private var open: ModelServer.Request?

    init(script: @escaping ModelServer.Script, book: BookKeeper) {
        self.script = script
        self.book = book
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let bytes): body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let head else { return }
            let request = book.enter(head, body)
            open = request
            let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
            let promise = context.eventLoop.makePromise(of: WireReply.self)
            promise.completeWithTask { [script] in await script(request) }
            promise.futureResult.whenSuccess { reply in bound.value.handler.write(reply, bound.value.context) }
        }
    }

    private func write(_ reply: WireReply, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        if let status = reply.status {
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: HTTPHeaders(reply.headers))
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(
                wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: reply.body)))), promise: nil)
        }
        switch reply.ending {
        case .complete:
            open = nil
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .cut:
            open = nil
            context.close(promise: nil)
        case .silence: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let open { book.leave(open) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
