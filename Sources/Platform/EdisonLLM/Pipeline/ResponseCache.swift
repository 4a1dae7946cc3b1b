import EdisonCore
import EdisonSQL
import Synchronization

/// Answers to equal requests, for an hour.
///
/// The key holds everything that shapes the answer, and where it came from (address and credential): a local server
/// that is replaced by another does not answer with the other's words.
final class ResponseCache: Sendable {
    private let database: Database
    private let lifetime: Duration
    /// When expired answers were last removed.
    private let swept = Mutex<ContinuousClock.Instant?>(nil)

    init(database: Database, lifetime: Duration = .seconds(3600)) {
        self.database = database
        self.lifetime = lifetime
    }

    func answer(_ key: String) async throws -> ModelResponse? {
        try await database.read { db in
            try db.fetchOne(
                "SELECT answer FROM response_cache WHERE cache_key = \(key) AND expires_at > \(Timestamp.now)"
            ).map { ModelResponse(json: try $0.json("answer")) }
        }
    }

    func store(_ response: ModelResponse, _ key: String) async throws {
        let expiry = Timestamp.now.advanced(by: lifetime)
        let isSweep = isTimeToSweep()
        try await database.write { db in
            if isSweep { try db.execute("DELETE FROM response_cache WHERE expires_at <= \(Timestamp.now)") }
            try db.execute(
                """
                INSERT INTO response_cache (cache_key, answer, expires_at) VALUES (\(key), \(response.json), \(expiry))
                ON CONFLICT (cache_key) DO UPDATE SET answer = excluded.answer, expires_at = excluded.expires_at
                """)
        }
    }

    private func isTimeToSweep() -> Bool {
        swept.withLock { last in
            if let last, last.duration(to: .now) < .seconds(60) { return false }
            last = .now
            return true
        }
    }
}

extension ResponseCache {
    /// `reference` is the model that is asked or has answered: an alternative's answer is not the first model's.
    static func key(_ call: ModelCall, _ reference: ModelReference) -> String {
        let endpoint = reference.endpoint
        return ContentHash(
            of: [
                .string(call.tenant), .string(endpoint.kind.name), .string(endpoint.credentialID),
                .string(endpoint.baseURL), .object(endpoint.settings.shapingAnswers), .string(reference.model),
                call.request.canonicalJSON, .integer(Int64(call.sample)),
            ]
        ).text
    }
}

extension JSONObject {
    /// Settings that say how often and how long, not what.
    fileprivate var shapingAnswers: JSONObject {
        let others: Set = ["timeout", "requests_per_minute", "tokens_per_minute"]
        return JSONObject(filter { !others.contains($0.key) }.map { ($0.key, $0.value) })
    }
}

extension ModelRequest {
    /// Everything that shapes the answer, but the model.
    var canonicalJSON: JSONValue {
        var object: JSONObject = [
            "messages": .array(messages.map(\.canonicalJSON)), "parameters": parameters.json,
        ]
        object["seed"] = seed.map { .integer(Int64($0)) }
        if !tools.isEmpty {
            object["tools"] = .array(
                tools.map {
                    ["name": .string($0.name), "description": JSONValue($0.description), "parameters": $0.parameters]
                })
        }
        object["tool_choice"] = toolChoice.map(\.canonicalJSON)
        switch responseFormat {
        case .text: break
        case .json: object["format"] = "json"
        case .vectors: object["format"] = "vectors"
        case .schema(let schema): object["format"] = ["name": .string(schema.name), "schema": schema.schema]
        }
        return .object(object)
    }
}

extension ToolChoice {
    fileprivate var canonicalJSON: JSONValue {
        switch self {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .named(let name): ["name": .string(name)]
        }
    }
}

extension Message {
    fileprivate var canonicalJSON: JSONValue {
        var object: JSONObject = ["role": .string(role.rawValue)]
        object["content"] = .array(
            content.map { part in
                switch part {
                case .text(let text): .string(text)
                case .image(let type, let data): ["type": .string(type), "data": .string(data)]
                case .imageURL(let url): ["url": .string(url)]
                }
            })
        object["name"] = name.map { .string($0) }
        object["tool_calls"] =
            toolCalls.isEmpty
            ? nil : .array(toolCalls.map { [.string($0.id), .string($0.name), .string($0.arguments)] })
        object["tool_call_id"] = toolCallID.map { .string($0) }
        return .object(object)
    }
}
