import EdisonCore
import Foundation

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
    }

    /// The body of an answer whose status is a success.
    func send(_ outgoing: Outgoing, _ endpoint: Endpoint, _ attempt: Attempt?) async throws -> [UInt8] {
        try await guarded(endpoint) {
            let response = try await transport.send(
                request(outgoing, endpoint, attempt), timeout: attempt?.timeout ?? .seconds(20))
            try accept(response, endpoint)
            return response.body
        }
    }

    /// The answer as JSON; an error in it counts as one, since some routers send errors with status 200.
    func json(_ outgoing: Outgoing, _ endpoint: Endpoint, _ attempt: Attempt?) async throws -> JSONValue {
        let body = try await send(outgoing, endpoint, attempt)
        return try await guarded(endpoint) {
            let json: JSONValue
            do { json = try JSONValue(parsing: body) } catch {
                throw ProviderFailure(.malformed, "the answer is not JSON: \(error)")
            }
            if let error = ErrorBody(in: json) { throw ProviderErrors.failure(in: error) }
            return json
        }
    }

    /// The answer in pieces, read by `decoder`; ends when nobody listens any more.
    func stream(
        _ endpoint: Endpoint, _ attempt: Attempt, decoder: some StreamDecoder,
        _ outgoing: @escaping @Sendable () throws -> Outgoing
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        .running { emit in
            try await guarded(endpoint) {
                let request = request(try outgoing(), endpoint, attempt)
                var decoder = try await transport.stream(
                    request, timeout: attempt.timeout, into: decoder, onHead: { try accept($0, endpoint) },
                    onChunk: { decoder, bytes in for piece in try decoder.feed(bytes) { emit(piece) } })
                for piece in try decoder.finish() { emit(piece) }
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
        return HTTPTransport.Request(
            method: outgoing.method, url: url(outgoing, endpoint), headers: headers, body: outgoing.body)
    }

    /// The setting `query` holds what every address needs behind it, such as Azure's `api-version`.
    private func url(_ outgoing: Outgoing, _ endpoint: Endpoint) -> String {
        let url = endpoint.baseURL + outgoing.path
        let items = (endpoint.settings["query"]?.object ?? [:]).compactMap { name, value in
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
        _ endpoint: Endpoint, _ work: () async throws -> Value
    ) async throws -> Value {
        do { return try await work() } catch let failure as ProviderFailure {
            throw explain(failure, endpoint).cleaned(of: endpoint.secrets)
        }
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
