import EdisonCore
import Testing

@testable import EdisonWeb

@Suite("Slow and large requests", .timeLimit(.minutes(2)))
struct SlownessTests {
    private static var strict: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.head = .milliseconds(400)
        limits.bodyGrace = .milliseconds(400)
        limits.bodyRate = 1_000
        // Answers wait for a test that has no processor time.
        limits.farewell = .seconds(60)
        limits.headerField = 2_000
        limits.headerList = 4_000
        limits.headerCount = 20
        return limits
    }

    private static let post = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

    @Test("a head that does not come, or comes a letter at a time, ends the connection", arguments: [false, true])
    func slowHead(sends: Bool) async throws {
        try await TestServer.run(limits: Self.strict) { server in
            try await RawConnection.open(server.port) { connection in
                let began = ContinuousClock.now
                if sends {
                    for letter in "GET /plain HT" {
                        try? await connection.send(String(letter))
                        try await Task.sleep(for: .milliseconds(50))
                    }
                }
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 408)
                #expect(began.duration(to: .now) < .seconds(5))
            }
        }
    }

    @Test("a body that comes a letter at a time is answered with 408")
    func slowBody() async throws {
        try await TestServer.run(limits: Self.strict) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send("\(Self.post)Content-Length: 5000\r\n\r\n{")
                for _ in 0..<12 {
                    try? await connection.send(" ")
                    try await Task.sleep(for: .milliseconds(60))
                }
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 408 && answer.header("connection") == "close")
                #expect(answer.body.contains("too slowly"))
            }
        }
    }

    @Test("a body that comes slowly, and fast enough, is read")
    func steadyBody() async throws {
        try await TestServer.run(limits: Self.strict) { server in
            try await RawConnection.open(server.port) { connection in
                let body = "{\"value\":\"" + String(repeating: "a", count: 2_988) + "\"}"
                try await connection.send("\(Self.post)Content-Length: \(body.utf8.count)\r\n\r\n")
                var bytes = Array(body.utf8)[...]
                while !bytes.isEmpty {
                    try await connection.send(Array(bytes.prefix(300)))
                    bytes = bytes.dropFirst(300)
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(try await connection.answer()?.status == 200)
            }
        }
    }

    @Test("the pace of a body counts only the time in which it was waited for")
    func pace() {
        let start = ContinuousClock.now
        var pace = BodyPace(grace: .seconds(10), rate: 100)
        #expect(!pace.isTooSlow(at: start + .seconds(1_000)))
        pace.wait(at: start)
        #expect(!pace.isTooSlow(at: start + .seconds(10)) && pace.isTooSlow(at: start + .seconds(11)))
        pace.receive(500)
        #expect(!pace.isTooSlow(at: start + .seconds(15)) && pace.isTooSlow(at: start + .seconds(16)))
        pace.stopWaiting(at: start + .seconds(12))
        #expect(!pace.isTooSlow(at: start + .seconds(500)))
    }

    @Test("a head that is too large is refused, and the connection ends")
    func largeHead() async throws {
        var limits = Self.strict
        limits.head = .seconds(30)
        try await TestServer.run(limits: limits) { server in
            let many = (0..<40).map { "X-\($0): a\r\n" }.joined()
            let long = "X-Long: " + String(repeating: "a", count: 3_000) + "\r\n"
            for headers in [many, long] {
                try await RawConnection.open(server.port) { connection in
                    try await connection.send("GET /plain HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
                    let answer = try #require(try await connection.answer())
                    #expect(answer.status == 431 && answer.header("connection") == "close")
                    #expect(answer.header("content-type") == "application/problem+json")
                    #expect(await connection.rest() == [])
                }
            }
            let path = String(repeating: "a", count: 70_000)
            let answer = try await RawConnection.ask(server.port, "GET /\(path) HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect([400, 414, 431].contains(answer?.status), "\(answer?.status ?? 0)")
        }
    }

    @Test("a body that is announced as too large is refused before it comes, and says the limit")
    func announced() async throws {
        var settings = WebSettings()
        settings.bodyLimit = 1_000
        try await TestServer.run(settings: settings) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send("\(Self.post)Content-Length: 100000000000\r\n\r\n{\"value\":")
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 413 && answer.header("connection") == "close")
                #expect(answer.body.contains("1000 bytes"))
                #expect(await connection.rest() == [])
            }
        }
    }

    @Test("a body in chunks is refused where it becomes too large, though more of it is under way")
    func chunks() async throws {
        var settings = WebSettings()
        settings.bodyLimit = 1_000
        try await TestServer.run(settings: settings) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send("\(Self.post)Transfer-Encoding: chunked\r\n\r\n")
                let chunk = "1f4\r\n" + String(repeating: " ", count: 500) + "\r\n"
                for _ in 0..<50 { try? await connection.send(chunk) }
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 413 && answer.header("connection") == "close")
            }
        }
    }

    @Test("a body that ends before its time does nothing")
    func cut() async throws {
        try await TestServer.run { server in
            for framing in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
                try await RawConnection.open(server.port) { connection in
                    let start = framing.hasPrefix("C") ? "" : "b\r\n"
                    try await connection.send("\(Self.post)\(framing)\r\n\r\n\(start){\"value\":1}")
                    connection.finish()
                    let status = try await connection.answer()?.status
                    #expect(status == nil || status == 400)
                }
            }
        }
    }
}
