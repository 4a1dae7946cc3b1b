import EdisonCore
import EdisonSQL
import EdisonTestKit
import EdisonWeb
import Foundation
import Logging
import Testing

@testable import EdisonServer

/// The whole product on a free port, called over real sockets.
struct LiveServer {
    struct Reply: Sendable {
        let status: Int
        let text: String
        var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
    }

    let port: Int
    let database: Database

    static func on(_ kind: TestDatabase, _ use: (LiveServer) async throws -> Void) async throws {
        try await kind.place { place in
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
            var settings = ServerSettings()
            settings.migrates = true
            settings.database = place
            settings.port = 0
            settings.secretKeyFile = folder + "/secret.key"
            settings.web.anonymousRequestsPerMinute = nil
            let server = try await Server(
                settings, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let (ports, continuation) = AsyncStream<Int>.makeStream()
            let running = Task { try await server.run { continuation.yield($0) } }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let database = try await Database.open(place)
            do { try await use(LiveServer(port: port, database: database)) } catch {
                Issue.record(error)
            }
            running.cancel()
            _ = try? await running.value
            await database.close()
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    func call(_ method: String, _ path: String, _ body: JSONValue? = nil, token: String? = nil) async throws -> Reply {
        let content = body?.text() ?? ""
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close"]
        if let token { lines.append("Authorization: Bearer \(token)") }
        if body != nil { lines += ["Content-Type: application/json", "Content-Length: \(content.utf8.count)"] }
        let request = lines.joined(separator: "\r\n") + "\r\n\r\n" + content
        let answer = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try Self.exchange(Array(request.utf8), port) })
            }
        }
        let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1)
        let status = Int(answer.dropFirst(9).prefix(3)) ?? 0
        return Reply(status: status, text: parts.count > 1 ? String(parts[1]) : "")
    }

    /// Registers a person; returns an access token and the project.
    func register(_ email: String) async throws -> (token: String, project: String) {
        let reply = try await call(
            "POST", "/api/v1/auth/register", ["email": .string(email), "password": "a long password"])
        guard let token = reply.json["access_token"]?.string, let project = reply.json["project"]?["id"]?.string else {
            throw EdisonError(.internal, "Not registered: \(reply.text)")
        }
        return (token, project)
    }

    private static func exchange(_ request: [UInt8], _ port: Int) throws -> String {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard isConnected == 0, write(socket, request, request.count) == request.count else {
            throw EdisonError(.unavailable, "No connection: \(errno)")
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count <= 0 { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }
}
