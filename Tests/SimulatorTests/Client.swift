import AsyncHTTPClient
import EdisonCore
import NIOCore
import NIOHTTP1
import ProviderSimulator

/// Talks to a running simulator as any program would, over HTTP.
struct Client {
    let simulator: RunningSimulator

    struct Answer {
        let status: Int
        let text: String
        let headers: [String: String]

        var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
        /// The JSON of each `data:` line of a stream.
        var events: [JSONValue] {
            text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("data: {") }.compactMap {
                try? JSONValue(parsing: String($0.dropFirst(6)))
            }
        }
        var content: String { json["choices"]?[0]?["message"]?["content"]?.string ?? "" }
    }

    func send(
        _ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:], timeout: TimeAmount = .seconds(20)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: simulator.baseURL + path)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.text()))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: timeout)
        let bytes = try await response.body.collect(upTo: 16 << 20)
        let names = response.headers.map { ($0.name.lowercased(), $0.value) }
        return Answer(status: Int(response.status.code), text: String(buffer: bytes), headers: Dictionary(names) { $1 })
    }

    /// One call in the format of OpenAI; the answer's content.
    func chat(
        _ model: String, system: String? = nil, _ user: String, seed: Int? = nil, schema: String? = nil
    ) async throws -> String {
        try await send("/v1/chat/completions", Self.body(model, system: system, user, seed: seed, schema: schema))
            .content
    }

    func chat(_ user: String, seed: Int? = nil, schema: String? = nil) async throws -> String {
        try await chat("apprentice", user, seed: seed, schema: schema)
    }

    func chat(system: String, _ user: String, seed: Int? = nil) async throws -> String {
        try await chat("apprentice", system: system, user, seed: seed)
    }

    static func body(_ user: String, seed: Int? = nil) -> JSONValue { body("apprentice", user, seed: seed) }

    static func body(
        _ model: String, system: String? = nil, _ user: String, seed: Int? = nil, schema: String? = nil
    ) -> JSONValue {
        var messages: [JSONValue] = []
        if let system { messages.append(["role": "system", "content": .string(system)]) }
        messages.append(["role": "user", "content": .string(user)])
        var body: JSONObject = ["model": .string(model), "messages": .array(messages)]
        if let seed { body["seed"] = JSONValue(seed) }
        if let schema {
            body["response_format"] = [
                "type": "json_schema", "json_schema": ["name": .string(schema), "schema": ["type": "object"]],
            ]
        }
        return .object(body)
    }
}

/// Runs a test against a simulator of its own on a free port.
@discardableResult
func withSimulator<Result>(
    _ configuration: SimulatorConfiguration = SimulatorConfiguration(), _ body: (Client) async throws -> Result
) async throws -> Result {
    let simulator = try await Simulator.start(configuration)
    do {
        let result = try await body(Client(simulator: simulator))
        await simulator.stop()
        return result
    } catch {
        await simulator.stop()
        throw error
    }
}
