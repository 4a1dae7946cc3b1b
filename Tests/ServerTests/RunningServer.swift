import AsyncHTTPClient
import EdisonAccounts
import EdisonCore
import EdisonSQL
import EdisonSecrets
import EdisonTestKit
import EdisonWeb
import Foundation
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

@testable import EdisonServer

/// The whole server on a port of its own, and the database that it works on.
struct RunningServer: Sendable {
    /// The key for secrets of every test, so that a test can sign tokens as the server does.
    static let secret = Data(Array(repeating: UInt8(9), count: 32)).base64EncodedString()

    let url: String
    let place: String
    let routes: RouteTable

    static func with(
        _ kind: TestDatabase = .sqlite, adjusting: @escaping @Sendable (inout ServerSettings) -> Void = { _ in },
        _ use: @escaping @Sendable (RunningServer) async throws -> Void
    ) async throws {
        try await kind.place { place in
            var settings = ServerSettings()
            settings.migrates = true
            settings.database = place
            settings.port = 0
            settings.secretKeys = secret
            settings.web.requestsPerMinute = nil
            settings.web.anonymousRequestsPerMinute = nil
            settings.web.organizationRequestsPerMinute = nil
            adjusting(&settings)
            let server = try await Server(settings, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let (ports, port) = AsyncStream<Int>.makeStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do { try await server.run { port.yield($0) } } catch is CancellationError {}
                    port.finish()
                }
                if let port = await ports.first(where: { _ in true }) {
                    try await use(
                        RunningServer(url: "http://127.0.0.1:\(port)", place: place, routes: server.routes))
                }
                group.cancelAll()
            }
        }
    }

    func ask(
        _ method: HTTPRequest.Method, _ path: String, token: String? = nil, headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> (status: Int, json: JSONValue) {
        let answer = try await read(method, path, token: token, headers: headers, body: body)
        return (answer.status, answer.json)
    }

    /// An answer as it is read, whatever it is.
    struct Reading: Sendable {
        let status: Int
        let headers: [String: String]
        /// Of bytes that are no text, what can be read.
        let text: String

        var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }

        /// What two equal requests have in common.
        var withoutRequestID: String {
            guard var object = json.object else { return text }
            object["request_id"] = nil
            return JSONValue.object(object).text()
        }
    }

    func read(
        _ method: HTTPRequest.Method, _ path: String, token: String?, headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> Reading {
        var request = HTTPClientRequest(url: url + path)
        request.method = HTTPMethod(rawValue: method.rawValue)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await answer.body.collect(upTo: 64 << 20)
        return Reading(
            status: Int(answer.status.code),
            headers: Dictionary(answer.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { "\($0), \($1)" }),
            text: String(decoding: bytes.readableBytesView, as: UTF8.self))
    }

    /// The beginning of a stream that never ends: what it says within a second, which is all that was told before.
    func readBeginning(_ path: String, token: String?) async throws -> Reading {
        var request = HTTPClientRequest(url: url + path)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let (status, headers, body) = (Int(answer.status.code), answer.headers, answer.body)
        let text = Gathered()
        let reading = Task { for try await part in body { text.add(String(buffer: part)) } }
        try await Task.sleep(for: .seconds(1))
        reading.cancel()
        _ = await reading.result
        return Reading(
            status: status,
            headers: Dictionary(headers.map { ($0.name, $0.value) }, uniquingKeysWith: { "\($0), \($1)" }),
            text: text.all)
    }

    private final class Gathered: Sendable {
        private let text = Mutex("")
        var all: String { text.withLock(\.self) }
        func add(_ part: String) { text.withLock { $0 += part } }
    }

    /// The tokens with which the server signs.
    static func tokens() async throws -> AccessTokens {
        await AccessTokens(keys: try SecretBox(keys: SealingKey.list(secret)).derived(for: "access tokens"))
    }
}
