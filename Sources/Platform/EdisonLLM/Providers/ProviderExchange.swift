import EdisonCore
import Foundation
import Synchronization

/// One exchange with an endpoint over HTTP: what all adapters that speak HTTP have in common.
///
/// It adds the headers of the endpoint's settings and the attempt's id, tells the observer of the limits that the answer shows,
/// turns a refusal into a `ProviderFailure`, and takes every secret out of what is thrown.
struct ProviderExchange: Sendable {
    let transport: HTTPTransport
    let observer: ProviderObserver
    /// Adds what this provider's users should know about a failure.
    var explain: @Sendable (ProviderFailure, Endpoint) -> ProviderFailure = { failure, _ in failure }

    /// A request that knows everything but the attempt; `path` follows the base URL.
    struct Outgoing: Sendable {
        var method = "POST"
        var path: String
        var headers: [(String, String)] = []
        var body: JSONValue?
        /// False: the setting `api_version` has its place in the path.
        var hasVersionInQuery = true
        /// What was got with the endpoint's key and must stand in no message either.
        var secrets: [String] = []
        /// The last step before it goes out, for a signature over all the rest.
        var sign: (@Sendable (inout HTTPTransport.Request) -> Void)?
    }

    /// The body of an answer whose status is a success.
    func send(_ outgoing: Outgoing, _ endpoint: Endpoint, _ attempt: Attempt?) async throws -> [UInt8] {
        try await answer(outgoing, endpoint, attempt).body
    }

    private func answer(
        _ outgoing: Outgoing, _ endpoint: Endpoint, _ attempt: Attempt?
    ) async throws -> HTTPTransport.Response {
        try await guarded(endpoint, outgoing.secrets) {
            let response = try await transport.send(
                request(outgoing, endpoint, attempt), timeout: attempt?.timeout ?? .seconds(20))
            try accept(response, endpoint)
            return response
        }
    }

    /// The answer as JSON; an error in it counts as one, since some routers send errors with status 200.
    func json(_ outgoing: Outgoing, _ endpoint: Endpoint, _ attempt: Attempt?) async throws -> JSONValue {
        try await identified(outgoing, endpoint, attempt).json
    }

    /// The same with the provider's name for the request, where the answer itself has none.
    func identified(
        _ outgoing: Outgoing, _ endpoint: Endpoint, _ attempt: Attempt?
    ) async throws -> (json: JSONValue, requestID: String?) {
        let response = try await answer(outgoing, endpoint, attempt)
        let requestID = response.headers.requestID
        return try await guarded(endpoint, outgoing.secrets) {
            do {
                let json: JSONValue
                do { json = try JSONValue(parsing: response.body) } catch {
                    throw ProviderFailure(.malformed, "the answer is not JSON: \(error)")
                }
                if let error = ErrorBody(in: json) { throw ProviderErrors.failure(in: error) }
                return (json, requestID)
            } catch let failure as ProviderFailure { throw failure.of(requestID) }
        }
    }

    /// The answer in pieces, read by `decoder`; ends when nobody listens any more.
    func stream(
        _ endpoint: Endpoint, _ attempt: Attempt, decoder: some StreamDecoder,
        _ outgoing: @escaping @Sendable () async throws -> Outgoing
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        .running { emit in
            let outgoing = try await guarded(endpoint, []) { try await outgoing() }
            let head = StreamHead()
            try await guarded(endpoint, outgoing.secrets) {
                do {
                    var decoder = try await transport.stream(
                        request(outgoing, endpoint, attempt), timeout: attempt.timeout, into: decoder,
                        onHead: {
                            head.requestID.withLock { [id = $0.headers.requestID] in $0 = id }
                            try accept($0, endpoint)
                        },
                        onChunk: { decoder, bytes in for piece in try decoder.feed(bytes) { emit(piece) } })
                    for piece in try decoder.finish() { emit(piece.of(head.requestID.withLock { $0 })) }
                } catch let failure as ProviderFailure { throw failure.of(head.requestID.withLock { $0 }) }
            }
        }
    }

    private func request(
        _ outgoing: Outgoing, _ endpoint: Endpoint, _ attempt: Attempt?
    ) -> HTTPTransport.Request {
        var headers = [("accept", "application/json"), ("user-agent", "Edison")] + outgoing.headers
        if let attempt { headers.append(("edison-attempt", attempt.id)) }
        for (name, value) in endpoint.settings["headers"]?.object ?? [:] {
            if let text = value.string { headers.append((name, text)) }
        }
        var request = HTTPTransport.Request(
            method: outgoing.method, url: url(outgoing, endpoint), headers: headers, body: outgoing.body)
        outgoing.sign?(&request)
        return request
    }

    /// The setting `query` holds what every address needs behind it; `api_version` is Azure's word for one of them.
    private func url(_ outgoing: Outgoing, _ endpoint: Endpoint) -> String {
        let url = endpoint.baseURL + outgoing.path
        var query = endpoint.settings["query"]?.object ?? [:]
        if outgoing.hasVersionInQuery, let version = endpoint.settings["api_version"] { query["api-version"] = version }
        let items = query.compactMap { name, value in
            value.string.map { URLQueryItem(name: name, value: $0) }
        }
        guard !items.isEmpty, var parts = URLComponents(string: url) else { return url }
        parts.queryItems = (parts.queryItems ?? []) + items
        return parts.string ?? url
    }

    private func accept(_ response: HTTPTransport.Response, _ endpoint: Endpoint) throws {
        if let limits = RateLimitObservation(response.headers) { observer.rateLimits(limits, endpoint) }
        if !response.isSuccess { throw ProviderErrors.failure(response) }
    }

    private func guarded<Value>(
        _ endpoint: Endpoint, _ secrets: [String], _ work: () async throws -> Value
    ) async throws -> Value {
        do { return try await work() } catch let failure as ProviderFailure {
            throw explain(failure, endpoint).cleaned(of: endpoint.secrets + secrets)
        }
    }
}

/// What the head of a streamed answer told.
private final class StreamHead: Sendable {
    let requestID = Mutex<String?>(nil)
}

extension StreamPiece {
    /// The end with an id, where the answer had none of its own.
    fileprivate func of(_ requestID: String?) -> StreamPiece {
        guard case .end(var response) = self, response.responseID == nil else { return self }
        response.responseID = requestID
        return .end(response)
    }
}

extension ProviderFailure {
    fileprivate func of(_ requestID: String?) -> ProviderFailure {
        var failure = self
        failure.requestID = failure.requestID ?? requestID
        return failure
    }
}

extension AsyncThrowingStream where Element == StreamPiece, Failure == any Error {
    /// A stream fed by a task of its own, which is cancelled when nobody listens any more.
    static func running(
        _ body: @escaping @Sendable (_ emit: @escaping @Sendable (StreamPiece) -> Void) async throws -> Void
    ) -> Self {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await body { continuation.yield($0) }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
