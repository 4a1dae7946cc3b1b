import EdisonCore
import EdisonLLM
import Foundation

/// Asks a server by HTTP; what it refuses comes as an error in words of the command line.
struct ServerClient: Sendable {
    let address: String
    let project: String
    private let key: Secret
    private let transport = HTTPTransport()

    /// - Parameter address: of the server, or of its API.
    init(address: String, key: Secret, project: String) {
        var address = address[...]
        while address.hasSuffix("/") { address.removeLast() }
        if address.hasSuffix("/api/v1") { address.removeLast("/api/v1".count) }
        self.address = String(address)
        self.key = key
        self.project = project.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? project
    }

    func close() async { await transport.shutdown() }

    func get(_ path: String) async throws -> JSONValue { try await ask("GET", path) }

    func post(_ path: String, _ body: JSONObject = [:]) async throws -> JSONValue { try await ask("POST", path, body) }

    func ask(_ method: String, _ path: String, _ body: JSONObject? = nil) async throws -> JSONValue {
        let answer: HTTPTransport.Response
        do {
            answer = try await transport.send(
                request(method, path, body: body.map { .object($0) }), timeout: .seconds(120))
        } catch let failure as ProviderFailure { throw ServerRefusal.unreachable(address, failure) }
        guard answer.isSuccess else { throw ServerRefusal(answer.status, answer.body).error(address) }
        if answer.body.isEmpty { return .null }
        guard let json = try? JSONValue(parsing: answer.body) else { throw ServerRefusal.isNoServer(address) }
        return json
    }

    /// All entries of a list, page by page.
    func all(_ path: String, _ query: String = "") async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var cursor = ""
        repeat {
            let page = try await get("\(path)?limit=200\(query)\(cursor)")
            items += page["items"]?.array ?? []
            cursor = page["next_cursor"]?.string.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        return items
    }

    /// The events of an experiment behind a position, until nothing goes on in it.
    func follow(
        _ experiment: String, after position: Int, _ tell: @escaping @Sendable (_ kind: String, JSONValue) -> Void
    ) async throws {
        let path = "/experiments/\(experiment)/events?until=rest&last_event_id=\(position)"
        let address = address
        do {
            _ = try await transport.stream(
                request("GET", path), timeout: .seconds(365 * 86_400), into: SSEParser(),
                onHead: { head in
                    guard head.isSuccess else { throw ServerRefusal(head.status, head.body).error(address) }
                },
                onChunk: { parser, bytes in
                    for event in parser.feed(bytes) {
                        tell(event.event ?? "", (try? JSONValue(parsing: event.data)) ?? .null)
                    }
                })
        } catch let failure as ProviderFailure { throw ServerRefusal.unreachable(address, failure) }
    }

    private func request(_ method: String, _ path: String, body: JSONValue? = nil) -> HTTPTransport.Request {
        HTTPTransport.Request(
            method: method, url: "\(address)/api/v1\(path)",
            headers: [
                ("Authorization", "Bearer \(key.revealed)"), ("Accept", "application/json"),
                ("User-Agent", "edison/\(edisonVersion)"),
            ], body: body)
    }
}
