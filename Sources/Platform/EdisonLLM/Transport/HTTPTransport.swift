import AsyncHTTPClient
package import EdisonCore
import Foundation
import NIOCore
import NIOHTTP1

/// HTTP as the providers need it: one client, own limits, and failures in the words of `ProviderFailure`.
///
/// Cancelling the calling task closes the connection, so that a provider stops working on what nobody waits for.
package struct HTTPTransport: Sendable {
    private let owner: ClientOwner
    private let onConnect: @Sendable (_ host: String, _ port: Int) -> Void
    private let addresses: AddressPolicy
    /// The longest body that is read, in bytes.
    private let maxBody = 64 << 20

    /// `onConnect` hears of every request's host and port before anything goes out, so that a run can prove whom it
    /// talked to. Redirects aren't followed and no proxy is used: there is no other place.
    package init(
        addresses: AddressPolicy = .anywhere,
        onConnect: @escaping @Sendable (_ host: String, _ port: Int) -> Void = { _, _ in }
    ) {
        owner = ClientOwner(addresses)
        self.addresses = addresses
        self.onConnect = onConnect
    }

    /// Closes all connections. A transport that is dropped without it closes them by itself, later.
    package func shutdown() async { try? await owner.client.shutdown() }

    package struct Request: Sendable {
        package var method: String
        package var url: String
        package var headers: [(String, String)]
        package var body: JSONValue?
        /// Goes out in place of `body` as it is, for what is signed or is no JSON; its type stands in the headers.
        package var bytes: [UInt8]?

        package init(
            method: String = "POST", url: String, headers: [(String, String)] = [], body: JSONValue? = nil
        ) {
            self.method = method
            self.url = url
            self.headers = headers
            self.body = body
        }
    }

    package struct Response: Sendable {
        package let status: Int
        package let headers: HTTPHeaderFields
        package let body: [UInt8]

        package var isSuccess: Bool { (200..<300).contains(status) }
    }

    /// The whole answer, whatever its status.
    ///
    /// - Parameter most: how much of the body is read, in bytes; nil: all of it, and one that is too long is a failure.
    package func send(
        _ request: Request, timeout: Duration, keeping most: Int? = nil
    ) async throws -> Response {
        try await bounded(timeout) {
            let response = try await execute(request)
            return try await whole(response, keeping: most)
        }
    }

    /// The body in pieces as they arrive, folded into `state`.
    ///
    /// `onHead` hears of the status and the headers first and throws to refuse the answer; one whose status is no
    /// success comes with its body.
    package func stream<State: Sendable>(
        _ request: Request, timeout: Duration, into state: State,
        onHead: @escaping @Sendable (Response) throws -> Void,
        onChunk: @escaping @Sendable (inout State, [UInt8]) throws -> Void
    ) async throws -> State {
        try await bounded(timeout) {
            let response = try await execute(request)
            let head = Response(response, body: [])
            try onHead(head.isSuccess ? head : try await whole(response))
            var state = state
            var count = 0
            do {
                for try await chunk in response.body {
                    count += chunk.readableBytes
                    if count > maxBody { throw TransportFailure.tooLong }
                    try onChunk(&state, Array(chunk.readableBytesView))
                }
            } catch { throw TransportFailure.inAnswer(error) }
            return state
        }
    }

    private func whole(_ response: HTTPClientResponse, keeping most: Int? = nil) async throws -> Response {
        var body: [UInt8] = []
        do {
            for try await chunk in response.body {
                body.append(contentsOf: chunk.readableBytesView)
                if let most, body.count >= most { break }
                if body.count > maxBody { throw TransportFailure.tooLong }
            }
        } catch { throw TransportFailure.inAnswer(error) }
        return Response(response, body: body)
    }

    private func execute(_ request: Request) async throws -> HTTPClientResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { outgoing.headers.replaceOrAdd(name: name, value: value) }
        if let bytes = request.bytes {
            outgoing.body = .bytes(ByteBuffer(bytes: bytes))
        } else if let body = request.body {
            outgoing.headers.replaceOrAdd(name: "content-type", value: "application/json")
            outgoing.body = .bytes(ByteBuffer(string: body.text()))
        }
        if let url = URL(string: request.url), let host = url.host() {
            if await addresses.fault(of: host) != nil { throw AddressPolicy.refusal }
            onConnect(host, url.port ?? (url.scheme == "http" ? 80 : 443))
        }
        // The client's own limit ends with the head of the answer; `bounded` holds for all of it.
        do { return try await owner.client.execute(outgoing, deadline: .distantFuture) } catch {
            throw TransportFailure.beforeAnswer(error)
        }
    }

    private func bounded<Value: Sendable>(
        _ timeout: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw ProviderFailure(.timeout, "no complete answer within \(timeout)")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }
}

extension HTTPTransport.Response {
    fileprivate init(_ response: HTTPClientResponse, body: [UInt8]) {
        self.init(status: Int(response.status.code), headers: HTTPHeaderFields(response.headers), body: body)
    }
}

/// Holds the client and shuts it down when the last transport is gone: a client that is dropped running traps.
private final class ClientOwner: Sendable {
    let client: HTTPClient

    init(_ addresses: AddressPolicy) {
        var configuration = HTTPClient.Configuration()
        // No read time-out: it counts the wait for the first byte, and a thinking model may be silent for minutes.
        // The wait for a pooled connection counts as connecting.
        configuration.timeout = .init(connect: .seconds(10))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        configuration.connectionPool.idleTimeout = .seconds(30)
        // Who retries is for the call pipeline to decide; a refused connection is reported at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        if addresses.isRestricted {
            // After connecting, and before a byte of a request: so a name that leads elsewhere by now is found out.
            configuration.http1_1ConnectionDebugInitializer = { channel in
                if addresses.allows(channel.remoteAddress.flatMap(NetworkAddress.init)) {
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
                // A turn later: a connection that the pool has not yet given up must not close.
                channel.eventLoop.execute { channel.close(promise: nil) }
                return channel.eventLoop.makeFailedFuture(AddressPolicy.refusal)
            }
        }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit { client.shutdown { _ in } }
}
