import AsyncHTTPClient
import EdisonCore
import EdisonServer
import EdisonTestKit
import EdisonWeb
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// A whole server on a free port of this machine, with a database of its own.
struct TestServer: Sendable {
    let port: Int
    /// Of the database.
    let place: String
    let server: Server

    static func run(
        on database: TestDatabase, _ change: (inout ServerSettings) -> Void = { _ in },
        _ use: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        try await Seats.shared.holding {
            try await database.place { place in
                let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                    "edison-key-\(UUID().uuidString)")
                defer { try? FileManager.default.removeItem(at: folder) }
                var settings = ServerSettings()
                settings.migrates = true
                settings.port = 0
                settings.database = place
                settings.secretKeyFile = folder.appendingPathComponent("secret.key").path
                settings.web.anonymousRequestsPerMinute = nil
                settings.web.requestsPerMinute = nil
                change(&settings)
                try await run(settings, use)
            }
        }
    }

    static func run(
        _ settings: ServerSettings, _ use: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        log.logLevel = .critical
        let server = try await Server(settings, log: log)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await server.run { port.yield($0) } } catch is CancellationError {}
                port.finish()
            }
            for await number in ports {
                do { try await use(TestServer(port: number, place: settings.database, server: server)) } catch {
                    group.cancelAll()
                    throw error
                }
                break
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    struct Answer: Sendable {
        let status: Int
        let json: JSONValue
        let text: String
        let headers: HTTPHeaders

        subscript(name: String) -> String { json[name]?.string ?? "" }
    }

    func send(
        _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, as token: String? = nil,
        headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        request.headers = headers
        if let token { request.headers.replaceOrAdd(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.text()))
        }
        let response = try await Self.client.execute(request, timeout: .seconds(120))
        let text = String(buffer: try await response.body.collect(upTo: 16 << 20))
        return Answer(
            status: Int(response.status.code), json: (try? JSONValue(parsing: text)) ?? .null, text: text,
            headers: response.headers)
    }

    /// Follows no redirect.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}

/// Somebody with an account on a test server.
struct Person: Sendable {
    static let password = "correct horse battery"

    let server: TestServer
    let id: String
    let email: String
    let organization: String
    let token: String
    let refresh: String

    init(_ server: TestServer, _ name: String, invitation: String? = nil) async throws {
        let email = "\(name.lowercased())@example.org"
        var body: JSONObject = ["email": .string(email), "password": .string(Self.password), "name": .string(name)]
        if let invitation { body["invitation"] = .string(invitation) }
        let answer = try await server.send(.POST, "/api/v1/auth/register", .object(body))
        guard answer.status == 201 else { throw EdisonError(.internal, "register: \(answer.text)") }
        self.server = server
        id = answer.json["user"]?["id"]?.string ?? ""
        self.email = email
        organization = answer.json["organization"]?["id"]?.string ?? ""
        token = answer["access_token"]
        refresh = answer["refresh_token"]
    }

    func send(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil) async throws -> TestServer.Answer {
        try await server.send(method, "/api/v1\(path)", body, as: token)
    }

    /// Brings somebody new into the own organisation.
    func bringIn(_ name: String, as role: Role) async throws -> Person {
        let invited = try await send(
            .POST, "/organizations/\(organization)/invitations",
            ["email": .string("\(name.lowercased())@example.org"), "role": .string(role.rawValue)])
        guard invited.status == 201 else { throw EdisonError(.internal, "invite: \(invited.text)") }
        return try await Person(server, name, invitation: invited["token"])
    }
}
