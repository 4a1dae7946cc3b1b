import AsyncHTTPClient
package import EdisonCore
import Foundation
import NIOCore
import NIOHTTP1

/// HTTP as the providers need it: one client, own limits, and failures in the words of `ProviderFailure`.
package struct HTTPTransport: Sendable {
    private let client: HTTPClient
    /// The longest body that is read, in bytes.
    private let maxBody = 64 << 20

    package init() {
        var configuration = HTTPClient.Configuration()
        // `read` is the idle time between two bytes; the wait for a pooled connection counts as connecting.
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(120))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    package func shutdown() async { try? await client.shutdown() }

    package struct Request: Sendable {
        package var method = "POST"
        package var url: String
        package var headers: [(String, String)]
        package var body: JSONValue?

        package init(method: String = "POST", url: String, headers: [(String, String)], body: JSONValue? = nil) {
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
    }

    /// The whole answer, whatever its status.
    package func send(_ request: Request, timeout: Duration) async throws -> Response {
        try await bounded(timeout) {
            let response = try await execute(request, timeout: timeout)
            var body: [UInt8] = []
            for try await chunk in response.body {
                body.append(contentsOf: chunk.readableBytesView)
                if body.count > maxBody { throw ProviderFailure(.malformed, "the answer is larger than 64 MiB") }
            }
            return Response(
                status: Int(response.status.code), headers: HTTPHeaderFields(response.headers), body: body)
        }
    }

    /// The body in pieces as they arrive. An answer whose status is no success is read whole and handed to `onError`.
    package func stream(
        _ request: Request, timeout: Duration, onError: @escaping @Sendable (Response) -> ProviderFailure,
        onChunk: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await bounded(timeout) {
            let response = try await execute(request, timeout: timeout)
            if !(200..<300).contains(Int(response.status.code)) {
                let body = try await response.body.collect(upTo: 1 << 20)
                throw onError(
                    Response(
                        status: Int(response.status.code), headers: HTTPHeaderFields(response.headers),
                        body: Array(body.readableBytesView)))
            }
            do {
                for try await chunk in response.body { try await onChunk(Array(chunk.readableBytesView)) }
            } catch let error as HTTPClientError {
                throw ProviderFailure(.cutStream, "the stream broke off: \(error.shortDescription)")
            } catch let error as any ChannelFailure {
                throw ProviderFailure(.cutStream, "the stream broke off: \(error)")
            }
        }
    }

    private func execute(_ request: Request, timeout: Duration) async throws -> HTTPClientResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        if let body = request.body {
            outgoing.headers.replaceOrAdd(name: "content-type", value: "application/json")
            outgoing.body = .bytes(ByteBuffer(string: body.text()))
        }
        return try await client.execute(outgoing, timeout: .nanoseconds(Int64(timeout.inSeconds * 1e9)))
    }

    /// The client's own limit ends with the head of the answer; this one holds for all of it.
    private func bounded<Value: Sendable>(
        _ timeout: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        do {
            return try await withThrowingTaskGroup(of: Value.self) { group in
                group.addTask { try await work() }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    throw ProviderFailure(.timeout, "no complete answer within \(Int(timeout.inSeconds)) seconds")
                }
                defer { group.cancelAll() }
                guard let first = try await group.next() else { throw CancellationError() }
                return first
            }
        } catch { throw Self.translated(error) }
    }

    private static func translated(_ error: any Error) -> any Error {
        if error is ProviderFailure || error is CancellationError || error is EdisonError { return error }
        if Task.isCancelled { return CancellationError() }
        guard let error = error as? HTTPClientError else {
            let words = "\(error)"
            let isRefused = words.contains("refused") || words.contains("NIOConnectionError")
            return ProviderFailure(
                .connection, isRefused ? "the connection was refused" : "the connection failed: \(words.prefix(200))",
                code: isRefused ? "refused" : nil)
        }
        switch error {
        case .cancelled: return CancellationError()
        case .deadlineExceeded, .readTimeout, .writeTimeout, .httpProxyHandshakeTimeout:
            return ProviderFailure(.timeout, "no answer in time")
        case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout:
            return ProviderFailure(.connection, "no connection in time", code: "refused")
        case .remoteConnectionClosed: return ProviderFailure(.cutStream, "the connection was closed in the middle of the answer")
        default:
            return ProviderFailure(.connection, "the connection failed: \(error.shortDescription)")
        }
    }
}

/// What NIO throws when a socket breaks.
private protocol ChannelFailure: Error {}
extension ChannelError: ChannelFailure {}
extension IOError: ChannelFailure {}

/// Response headers by lower-case name; of repeated ones the first.
package struct HTTPHeaderFields: Sendable {
    private var fields: [String: String] = [:]

    init(_ headers: HTTPHeaders) {
        for (name, value) in headers where fields[name.lowercased()] == nil { fields[name.lowercased()] = value }
    }

    package init(_ fields: [String: String]) {
        for (name, value) in fields { self.fields[name.lowercased()] = value }
    }

    package subscript(name: String) -> String? { fields[name.lowercased()] }
}
