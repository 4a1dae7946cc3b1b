import EdisonCore
import EdisonSQL

/// Answers to equal requests, for an hour; of two equal requests under way only one is made.
///
/// The key holds everything that shapes the answer, and where it came from (address and credential): a local server
/// that is replaced by another does not answer with the other's words.
actor ResponseCache {
    private let database: Database
    private let lifetime: Duration
    private var flights: [String: [CheckedContinuation<Void, Never>]] = [:]

    init(database: Database, lifetime: Duration = .seconds(3600)) {
        self.database = database
        self.lifetime = lifetime
    }

    static func key(_ reference: ModelReference, _ request: ModelRequest) -> String {
        let endpoint = reference.endpoint
        return ContentHash(
            of: [
                .string(endpoint.kind.name), .string(endpoint.credentialID), .string(endpoint.baseURL),
                .string(reference.model), request.canonicalJSON,
            ]
        ).text
    }

    enum Turn: Sendable {
        case hit(ModelResponse)
        /// The caller makes the request and must call `finish`.
        case miss
    }

    func enter(_ key: String) async throws -> Turn {
        while flights[key] != nil {
            await withCheckedContinuation { flights[key, default: []].append($0) }
        }
        flights[key] = []
        do {
            if let stored = try await find(key) {
                finish(key)
                return .hit(stored)
            }
            return .miss
        } catch {
            finish(key)
            throw error
        }
    }

    func finish(_ key: String) {
        for waiter in flights.removeValue(forKey: key) ?? [] { waiter.resume() }
    }

    private func find(_ key: String) async throws -> ModelResponse? {
        try await database.read { db in
            try db.fetchOne(
                "SELECT answer FROM response_cache WHERE cache_key = \(key) AND expires_at > \(Timestamp.now)"
            )
            .map { ModelResponse(json: try $0.json("answer")) }
        }
    }

    func store(_ response: ModelResponse, _ key: String) async throws {
        let expiry = Timestamp.now.advanced(by: lifetime)
        try await database.write { db in
            try db.execute(
                """
                INSERT INTO response_cache (cache_key, answer, expires_at) VALUES (\(key), \(response.json), \(expiry))
                ON CONFLICT (cache_key) DO UPDATE SET answer = excluded.answer, expires_at = excluded.expires_at
                """)
        }
    }
}

extension ModelRequest {
    /// Everything that shapes the answer.
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
        switch responseFormat {
        case .text: break
        case .json: object["format"] = "json"
        case .schema(let schema): object["format"] = schema.schema
        }
        return .object(object)
    }

    /// Bytes of everything that the model reads: no tokenizer makes more tokens than bytes, plus a frame a message.
    var inputTokenBound: Int {
        messages.reduce(0) { $0 + $1.byteCount + 16 } + tools.reduce(0) { $0 + $1.parameters.text().utf8.count + 64 }
            + (responseFormat.schemaBytes)
    }
}

extension ResponseFormat {
    fileprivate var schemaBytes: Int {
        if case .schema(let schema) = self { schema.schema.text().utf8.count } else { 0 }
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
        object["tool_calls"] =
            toolCalls.isEmpty ? nil : .array(toolCalls.map { [.string($0.name), .string($0.arguments)] })
        object["tool_call_id"] = toolCallID.map { .string($0) }
        return .object(object)
    }

    fileprivate var byteCount: Int {
        content.reduce(0) { sum, part in
            switch part {
            case .text(let text): sum + text.utf8.count
            // Providers bill images by area; no common one bills more than this for one.
            case .image, .imageURL: sum + 4_096
            }
        } + toolCalls.reduce(0) { $0 + $1.arguments.utf8.count + $1.name.utf8.count }
    }
}
