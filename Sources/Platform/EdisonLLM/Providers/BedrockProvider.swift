import EdisonCore
package import Foundation

/// The models of AWS Bedrock, by Converse, which is the same for all of them.
///
/// The key is one of Bedrock's own, or a pair of keys of AWS as JSON, which signs every try anew. Settings of an
/// endpoint: `region`, and `supports_json_schema` (false: for models without tools, the schema goes into the prompt).
package struct BedrockProvider: ModelProvider {
    package let kind = ProviderKind.awsBedrock
    private let exchange: ProviderExchange
    private let now: @Sendable () -> Date

    package init(
        transport: HTTPTransport, observer: ProviderObserver = .none, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        exchange = ProviderExchange(transport: transport, observer: observer)
        self.now = now
    }

    package func respond(
        to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> ModelResponse {
        let format = BedrockRequestFormat(request, endpoint)
        let answer = try await exchange.identified(
            call("converse", request.model, endpoint, try format.body()), endpoint, attempt)
        var response = try BedrockFormat.response(
            answer.json, requestedModel: request.model, answerTool: format.answerTool)
        response.responseID = answer.requestID
        return response
    }

    package func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        let format = BedrockRequestFormat(request, endpoint)
        let decoder = BedrockStreamDecoder(requestedModel: request.model, answerTool: format.answerTool)
        return exchange.stream(endpoint, attempt, decoder: decoder) {
            try call("converse-stream", request.model, endpoint, try format.body())
        }
    }

    /// Converse has no embeddings; each family of models has a body of its own for them.
    package func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        throw ProviderFailure(
            .badRequest, "embeddings of Bedrock are not built in; use another provider for them", code: "refused")
    }

    package func models(at endpoint: Endpoint) async throws -> [ModelListing] {
        _ = try signature(endpoint)
        throw ProviderFailure(
            .badRequest, "Bedrock lists no models where it is called: try one by its name",
            code: ProviderFailure.noListing)
    }

    private func call(
        _ verb: String, _ model: String, _ endpoint: Endpoint, _ body: JSONValue
    ) throws -> ProviderExchange.Outgoing {
        // An ARN has colons and slashes, and is one segment nevertheless.
        var outgoing = ProviderExchange.Outgoing(path: "/model/\(PathSegment.encoded(model))/\(verb)", body: body)
        guard let key = endpoint.apiKey?.revealed else { return outgoing }
        outgoing.secrets = try AWSCredentials(key).secrets
        if let signature = try signature(endpoint) {
            let now = now
            outgoing.sign = { request in
                request.bytes = Array((request.body ?? [:]).text().utf8)
                request.headers.append(("content-type", "application/json"))
                request.headers.append(("host", Self.host(of: request.url)))
                signature.sign(&request, at: now())
            }
        } else {
            outgoing.headers = [("authorization", "Bearer \(key)")]
        }
        return outgoing
    }

    /// nil: the key is one of Bedrock's own.
    private func signature(_ endpoint: Endpoint) throws -> AWSSignature? {
        guard let key = endpoint.apiKey?.revealed,
            case .keys(let id, let secret, let session) = try AWSCredentials(key)
        else { return nil }
        guard let region = endpoint.settings["region"]?.string else {
            throw ProviderFailure(.badRequest, "aws-bedrock needs a region", code: "refused")
        }
        return AWSSignature(region: region, keyID: id, secret: secret, session: session)
    }

    /// As it goes out: with the port, unless it is the scheme's own.
    private static func host(of url: String) -> String {
        guard let parts = URLComponents(string: url), let host = parts.host else { return "" }
        let usual = parts.scheme == "http" ? 80 : 443
        return parts.port.map { $0 == usual ? host : "\(host):\($0)" } ?? host
    }

    /// The host of a region; nil = no region can be that.
    static func address(_ settings: JSONObject) -> String? {
        guard let region = settings["region"]?.string, region.wholeMatch(of: /[a-z0-9-]{1,50}/) != nil else {
            return nil
        }
        return "https://bedrock-runtime.\(region).amazonaws.com"
    }
}
