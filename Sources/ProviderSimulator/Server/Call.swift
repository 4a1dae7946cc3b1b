internal import EdisonCore
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What of an HTTP request matters here.
struct Call: Sendable {
    let path: String
    let headers: HTTPFields
    let body: [UInt8]
    let hash: String
    /// The connection that it came on, for a fault that closes it.
    let channel: (any Channel)?

    init(_ request: Request, _ path: String, _ body: [UInt8], on channel: (any Channel)? = nil) {
        self.channel = channel
        self.path = path
        self.body = body
        headers = request.headers
        hash = Self.hash(body)
    }

    static func hash(_ body: [UInt8]) -> String { ContentHash(of: body).text }
}

/// What a request comes on: Hummingbird's context with the connection itself.
struct SimulatedConnection: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
