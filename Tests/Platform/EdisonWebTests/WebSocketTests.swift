import EdisonCore
import ServiceLifecycle
import Testing

@testable import EdisonWeb

@Suite("A WebSocket", .timeLimit(.minutes(2)))
struct WebSocketTests {
    private static let echo = SocketEndpoint("/ws/{project}", "Says it again.", .project(Probe.read)) { _, socket in
        try await socket.receive { message in
            switch message {
            case .text("fail"): throw EdisonError(.internal, "broken")
            case .text(let text): try await socket.send(text)
            case .binary(let bytes): try await socket.send(bytes)
            }
        }
    }

    private static func hello(_ path: String = "/ws/orchard", _ headers: String = "Authorization: Bearer bob\r\n")
        -> String
    {
        "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(headers)\r\n"
    }

    /// A frame as a client sends it.
    private static func frame(_ opcode: UInt8, _ data: [UInt8], isLast: Bool = true, isMasked: Bool = true) -> [UInt8] {
        let mask: [UInt8] = [1, 2, 3, 4]
        var frame: [UInt8] = [(isLast ? 0x80 : 0) | opcode]
        let bit: UInt8 = isMasked ? 0x80 : 0
        switch data.count {
        case ..<126: frame.append(bit | UInt8(data.count))
        case ..<65_536: frame += [bit | 126, UInt8(data.count >> 8), UInt8(data.count & 255)]
        default: frame += [bit | 127] + (0..<8).reversed().map { UInt8(data.count >> ($0 * 8) & 255) }
        }
        guard isMasked else { return frame + data }
        return frame + mask + data.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    private func talk(
        _ limits: ConnectionLimits = .init(),
        _ use: @escaping @Sendable (inout RawConnection, TestServer) async throws -> Void
    ) async throws {
        try await TestServer.run(sockets: [Self.echo], limits: limits) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(Self.hello())
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 101)
                #expect(answer.header("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                try await use(&connection, server)
            }
        }
    }

    @Test("messages go both ways, whole and in parts, and pings are answered")
    func speaks() async throws {
        try await talk { connection, _ in
            try await connection.send(Self.frame(1, Array("hello".utf8)))
            #expect(try await connection.read(7) == [0x81, 5] + Array("hello".utf8))
            try await connection.send(Self.frame(2, [1, 2], isLast: false) + Self.frame(9, [7]) + Self.frame(0, [3]))
            #expect(try await connection.read(3) == [0x8A, 1, 7])
            #expect(try await connection.read(5) == [0x82, 3, 1, 2, 3])
        }
    }

    @Test("what comes in the packet of the handshake is heard")
    func early() async throws {
        try await TestServer.run(sockets: [Self.echo]) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(Array(Self.hello().utf8) + Self.frame(1, [0x61]))
                #expect(try await connection.answer()?.status == 101)
                #expect(try await connection.read(3) == [0x81, 1, 0x61])
            }
        }
    }

    @Test("a close is answered by its code")
    func closes() async throws {
        try await talk { connection, _ in
            try await connection.send(Self.frame(8, [3, 232]))
            #expect(await connection.rest() == [0x88, 2, 3, 232])
        }
    }

    @Test("a frame without a mask, one too long, and a message too long end the connection with a code of their own")
    func refuses() async throws {
        var limits = ConnectionLimits()
        limits.frame = 1_000
        limits.message = 1_500
        try await talk(limits) { connection, _ in
            try await connection.send(Self.frame(1, [0x61], isMasked: false))
            #expect(await connection.rest() == [0x88, 2, 3, 234])
        }
        try await talk(limits) { connection, _ in
            try await connection.send(Self.frame(1, Array(repeating: 0x61, count: 1_200)))
            #expect(await connection.rest().prefix(4) == [0x88, 2, 3, 241])
        }
        try await talk(limits) { connection, _ in
            let part = Array(repeating: UInt8(0x61), count: 900)
            try await connection.send(Self.frame(1, part, isLast: false) + Self.frame(0, part))
            #expect(try await connection.read(4) == [0x88, 2, 3, 241])
        }
    }

    @Test("a failure of ours is told as one, and nothing of it")
    func fails() async throws {
        try await talk { connection, _ in
            try await connection.send(Self.frame(1, Array("fail".utf8)))
            #expect(try await connection.read(4) == [0x88, 2, 3, 243])
        }
    }

    @Test("the server asks a silent side whether it lives, and lets it go when it does not")
    func pings() async throws {
        var limits = ConnectionLimits()
        limits.ping = .milliseconds(200)
        limits.pong = .milliseconds(200)
        try await talk(limits) { connection, _ in #expect(await connection.rest() == [0x89, 0]) }
    }

    @Test("on shutdown every side is told that the server goes")
    func goes() async throws {
        try await talk { connection, server in
            await server.group.triggerGracefulShutdown()
            let told = try await connection.read(4)
            #expect(told == [0x88, 2, 3, 233])
        }
    }

    @Test(
        "an upgrade that may not be is answered as any request, and the connection ends",
        arguments: [
            ("/ws/elsewhere/else", "Authorization: Bearer bob\r\n", 404), ("/ws/orchard", "", 401),
            ("/ws/orchard", "Authorization: Bearer 7\r\n", 401), ("/ws/orchard", "Authorization: Bearer eve\r\n", 404),
            ("/ws/orchard", "Authorization: Bearer bob\r\nOrigin: http://evil.example\r\n", 403),
            ("/plain", "", 200),
        ])
    func notAllowed(path: String, headers: String, status: Int) async throws {
        try await TestServer.run(sockets: [Self.echo]) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(Self.hello(path, headers))
                #expect(try await connection.answer()?.status == status)
                #expect(await connection.rest() == [])
            }
            #expect(try await server.ask("GET", "/ws/orchard", ["Authorization: Bearer bob"])?.status == 426)
            #expect(try await server.ask("GET", "/ws/orchard", [])?.status == 401)
        }
    }

    @Test("a page of the server's own origin may connect")
    func ownOrigin() async throws {
        try await TestServer.run(sockets: [Self.echo]) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(
                    Self.hello("/ws/orchard", "Authorization: Bearer bob\r\nOrigin: http://x\r\n"))
                #expect(try await connection.answer()?.status == 101)
            }
        }
    }
}
