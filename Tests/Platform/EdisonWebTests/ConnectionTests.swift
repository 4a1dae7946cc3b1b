import NIOCore
import ServiceLifecycle
import Testing

@testable import EdisonWeb

@Suite("A connection", .timeLimit(.minutes(2)))
struct ConnectionTests {
    @Test("several requests are answered on one connection")
    func keepsAlive() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(server.port) { connection in
                for _ in 0..<3 {
                    try await connection.send("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n")
                    let answer = try #require(try await connection.answer())
                    #expect(answer.status == 200 && answer.header("connection") != "close")
                }
            }
        }
    }

    @Test(
        "a request that asks for another protocol is answered, and the connection ends",
        arguments: ["", "Content-Type: application/json\r\nContent-Length: 11\r\n"])
    func refusesOtherProtocols(body: String) async throws {
        try await TestServer.run { server in
            try await RawConnection.open(server.port) { connection in
                // As the second request of the connection, too.
                try await connection.send("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await connection.answer()?.status == 200)
                let start = body.isEmpty ? "GET /plain" : "POST /echo"
                try await connection.send(
                    "\(start) HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\(body)\r\n" + (body.isEmpty ? "" : "{\"value\":1}"))
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 200 && answer.header("connection") == "close")
                #expect(await connection.rest() == [])
            }
        }
    }

    @Test(
        "a request that says so is the last of its connection",
        arguments: ["HTTP/1.1\r\nConnection: Close", "HTTP/1.1\r\nConnection: close, TE", "HTTP/1.0"])
    func closes(words: String) async throws {
        try await TestServer.run { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send("GET /plain \(words)\r\nHost: x\r\n\r\n")
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 200 && answer.header("connection") == "close")
                #expect(await connection.rest() == [])
            }
        }
    }

    @Test("requests that come at once are answered in their order, and what is behind the last one is not")
    func pipelines() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(server.port) { connection in
                let one = { (id: Int) in "GET /things/\(id) HTTP/1.1\r\nHost: x\r\n" }
                try await connection.send(
                    "\(one(1))\r\n\(one(2))\r\n\(one(3))Connection: close\r\n\r\n\(one(4))\r\n")
                for number in 1...3 {
                    let answer = try #require(try await connection.answer())
                    #expect(answer.body.contains("\"\(number)\""))
                    #expect((answer.header("connection") == "close") == (number == 3))
                }
                #expect(await connection.rest() == [])
            }
        }
    }

    @Test("a client that asks whether it may send its body is told to")
    func continues() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(
                    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 11\r\n"
                        + "Expect: 100-continue\r\n\r\n")
                #expect(try await connection.answer()?.status == 100)
                try await connection.send("{\"value\":1}")
                #expect(try await connection.answer()?.status == 200)
            }
        }
    }

    @Test("a thousand connections are held and answered")
    func thousand() async throws {
        try await TestServer.run { server in
            var settings = WebSettings()
            settings.connectionLimit = 4_096
            _ = OpenFiles.connections(of: settings)
            let count = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<1_000 {
                    group.addTask {
                        try await RawConnection.open(server.port) { connection in
                            try await connection.send(
                                "GET /things/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\n\r\n")
                            let first = try await connection.answer()?.status
                            try await Task.sleep(for: .milliseconds(300))
                            try await connection.send(
                                "GET /things/2 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bob\r\n\r\n")
                            let second = try await connection.answer()?.status
                            return first == 200 && second == 200 ? 1 : 0
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(count == 1_000)
        }
    }

    @Test("connections above the limit wait until one ends")
    func waits() async throws {
        var settings = WebSettings()
        settings.connectionLimit = 16
        try await TestServer.run(settings: settings) { server in
            try await RawConnection.open(server.port) { first in
                try await first.send("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await first.answer()?.status == 200)
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<40 {
                        group.addTask { try await server.ask("GET", "/plain")?.status == 200 }
                    }
                    for try await isAnswered in group { #expect(isAnswered) }
                }
            }
        }
    }

    @Test("on shutdown the request under way is answered, and idle connections end")
    func endsOrderly() async throws {
        let (beginnings, beginning) = AsyncStream<Void>.makeStream()
        let slow = Endpoint.get("/slow", "Takes its time.", in: "Probe", .open, .nothing) { _ in
            beginning.yield()
            try await Task.sleep(for: .milliseconds(500))
        }
        try await TestServer.run([slow]) { server in
            try await RawConnection.open(server.port) { idle in
                try await RawConnection.open(server.port) { busy in
                    try await busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
                    _ = await beginnings.first { true }
                    await server.group.triggerGracefulShutdown()
                    #expect(await idle.rest() == [])
                    #expect(try await busy.answer()?.status == 204)
                    #expect(await busy.rest() == [])
                }
            }
        }
    }
}
