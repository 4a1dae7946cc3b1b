import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small real HTTP server on loopback that plays recorded answers and remembers what it was asked, so that adapters
/// are tested over the wire and not against doubles.
///
/// Beside whole answers it cuts them, or never ends them, and tells when a client has gone away.
package final class WireServer: Sendable {
    package struct Request: Sendable {
        package let method: String
        /// The path with its query.
        package let target: String
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]

        /// The first header of that name, in any case.
        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    package struct Reply: Sendable {
        package enum Ending: Sendable {
            case complete
            /// The connection is closed in the middle of the answer.
            case cut
            /// Nothing more comes, until the client goes away.
            case silence
        }

        package var status: Int
        package var headers: [(String, String)]
        /// Each is written and flushed on its own.
        package var chunks: [[UInt8]]
        package var ending: Ending
        /// False: not even a status is sent, the ending follows the request at once.
        package var hasHead: Bool

        package init(
            status: Int = 200, headers: [(String, String)] = [], chunks: [[UInt8]] = [], ending: Ending = .complete,
            hasHead: Bool = true
        ) {
            self.status = status
            self.headers = headers
            self.chunks = chunks
            self.ending = ending
            self.hasHead = hasHead
        }

        package init(status: Int = 200, headers: [(String, String)] = [], _ text: String) {
            self.init(status: status, headers: headers, chunks: [Array(text.utf8)])
        }

        /// Not one byte, for ever.
        package static let nothing = Reply(ending: .silence, hasHead: false)
    }

    package let port: Int
    package var url: String { "http://127.0.0.1:\(port)" }
    /// Requests as they arrive, and those whose client left before the answer was complete. For one reader each.
    package let arrivals: AsyncStream<Request>
    package let departures: AsyncStream<Request>

    private let channel: any Channel
    private let log: WireLog

    /// Runs a server for as long as `use` runs.
    package static func running<Value>(
        _ answer: @escaping @Sendable (Request) -> Reply, _ use: (WireServer) async throws -> Value
    ) async throws -> Value {
        let server = try await WireServer(answer)
        do {
            let value = try await use(server)
            try await server.channel.close()
            return value
        } catch {
            try? await server.channel.close()
            throw error
        }
    }

    private init(_ answer: @escaping @Sendable (Request) -> Reply) async throws {
        let (arrivals, arrived) = AsyncStream<Request>.makeStream()
        let (departures, departed) = AsyncStream<Request>.makeStream()
        let log = WireLog(arrived: arrived, departed: departed)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(WireHandler(answer: answer, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        self.arrivals = arrivals
        self.departures = departures
        self.log = log
    }

    /// Every request so far, in the order of arrival.
    package var requests: [Request] { log.requests }
}

/// What the connections of one server saw.
private final class WireLog: Sendable {
    private let received = Mutex<[WireServer.Request]>([])
    private let arrived: AsyncStream<WireServer.Request>.Continuation
    private let departed: AsyncStream<WireServer.Request>.Continuation

    init(
        arrived: AsyncStream<WireServer.Request>.Continuation, departed: AsyncStream<WireServer.Request>.Continuation
    ) {
        self.arrived = arrived
        self.departed = departed
    }

    var requests: [WireServer.Request] { received.withLock { $0 } }

    func add(_ request: WireServer.Request) {
        received.withLock { $0.append(request) }
        arrived.yield(request)
    }

    func leave(_ request: WireServer.Request) { departed.yield(request) }
}

/// One connection: reads a request, writes its answer.
private final class WireHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (WireServer.Request) -> WireServer.Reply
    private let log: WireLog
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    /// The request whose answer will not end by itself.
    private var open: WireServer.Request?

    init(answer: @escaping @Sendable (WireServer.Request) -> WireServer.Reply, log: WireLog) {
        self.answer = answer
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let bytes): body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let head else { return }
            let request = WireServer.Request(
                method: head.method.rawValue, target: head.uri,
                headers: head.headers.map { (name: $0.name, value: $0.value) }, body: body)
            let reply = answer(request)
            if reply.ending == .silence { open = request }
            log.add(request)
            write(reply, context)
        }
    }

    private func write(_ reply: WireServer.Reply, _ context: ChannelHandlerContext) {
        if reply.hasHead {
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status),
                headers: HTTPHeaders(reply.headers))
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
            for chunk in reply.chunks {
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: chunk)))), promise: nil)
            }
        }
        switch reply.ending {
        case .complete: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .cut: context.close(promise: nil)
        case .silence: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let open { log.leave(open) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
