import EdisonCore
import Testing

@testable import EdisonWeb

@Suite("Requests that are wrong", .timeLimit(.minutes(2)))
struct MalformedTests {
    private static let post = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

    @Test(
        "what is no HTTP is answered with 400 or not at all, the connection ends, and the server goes on",
        arguments: [
            "\0\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "hello there\r\n\r\n", "GET /plain HTTP/9.9\r\nHost: x\r\n\r\n",
            "GET plain HTTP/1.1\r\nHost: x\r\n\r\n", "G@T /plain HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /plain HTTP/1.1\r\nHo st: x\r\n\r\n", "GET /plain HTTP/1.1\r\nHost : x\r\n\r\n",
            "GET /plain HTTP/1.1\r\nX: a\0b\r\nHost: x\r\n\r\n", "GET /pl ain HTTP/1.1\r\nHost: x\r\n\r\n",
            "\(post)Content-Length: 11\r\nContent-Length: 12\r\n\r\n{\"value\":1} ",
            "\(post)Content-Length: 11\r\nContent-Length: 11\r\n\r\n{\"value\":1}",
            "\(post)Content-Length: 11, 11\r\n\r\n{\"value\":1}",
            "\(post)Content-Length: -1\r\n\r\n", "\(post)Content-Length: 1e3\r\n\r\n",
            "\(post)Content-Length: 99999999999999999999999\r\n\r\n",
            "\(post)Content-Length: 11\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"value\":1}\r\n0\r\n\r\n",
            "\(post)Transfer-Encoding: chunked\r\n\r\nzz\r\n{\"value\":1}\r\n0\r\n\r\n",
            "\(post)Transfer-Encoding: chunked\r\n\r\n5\r\n{\"value\":1}\r\n0\r\n\r\n",
            "\(post)Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{\"value\":1}\r\n0\r\n\r\n",
            "\(post)Transfer-Encoding: gzip, chunked, identity\r\n\r\nb\r\n{\"value\":1}\r\n0\r\n\r\n",
        ])
    func noHTTP(request: String) async throws {
        try await TestServer.run { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.send(request)
                connection.finish()
                if let answer = try await connection.answer() {
                    #expect(answer.status == 400, "\(answer.head)")
                    #expect(await connection.rest() == [])
                }
            }
            #expect(try await server.ask("GET", "/plain")?.status == 200)
        }
    }

    @Test(
        "an address is read once, and nothing in it leads elsewhere",
        arguments: [
            ("/things/a%20b", 200, "a b"), ("/things/a+b", 200, "a+b"), ("/things/%2e%2e", 400, ""),
            ("/things/..", 400, ""), ("/things/../plain", 400, ""), ("/things/%2E", 400, ""),
            ("/things/%00", 400, ""), ("/things/%ff", 400, ""), ("/things/%zz", 400, ""), ("/things/%", 400, ""),
            ("/things/a%2Fb", 200, "a/b"), ("/things/%252e", 200, "%2e"), ("//things//1", 200, "1"),
            ("/things/" + String(repeating: "a", count: 1_001), 400, ""), ("/things/%C3%A9", 200, "é"),
            ("/plain?a=%00", 400, ""), ("/plain?a=%ff", 400, ""), ("/plain?%=1", 400, ""),
            ("/plain?&&=&a", 200, "plain"),
            ("/plain#fragment", 404, ""), ("*", 404, ""), ("http://elsewhere.example/plain", 200, "plain"),
        ])
    func addresses(path: String, status: Int, id: String) async throws {
        try await TestServer.run { server in
            let answer = try #require(try await server.ask("GET", path))
            #expect(answer.status == status, "\(answer.head)\(answer.body)")
            if status == 200 { #expect(answer.body.contains("\"\(id)\"")) }
        }
    }

    @Test("a name of a request that could be read as a header is not taken over")
    func requestID() async throws {
        try await TestServer.run { server in
            let good = try await server.ask("GET", "/plain", ["X-Request-ID: my-request-1"])
            #expect(good?.header("x-request-id") == "my-request-1")
            for bad in ["a", "abcdefgh%0d%0aX-Evil:1", "<script>alert(1)</script>", "abcdefgh\tX", "äöüäöüäöü"] {
                let answer = try #require(try await server.ask("GET", "/plain", ["X-Request-ID: \(bad)"]))
                #expect(answer.status == 200)
                #expect(answer.header("x-request-id")?.count == 36, "\(answer.head)")
            }
        }
    }

    @Test("line ends in an address that is answered do not become headers")
    func location() async throws {
        try await TestServer.run { server in
            let answer = try #require(try await server.ask("GET", "/where?to=/a%0d%0aX-Evil:%20yes%0d%0a%0d%0abody"))
            #expect(answer.status == 200)
            #expect(answer.header("location") != nil && answer.header("x-evil") == nil)
            #expect(answer.headers("content-length").count == 1)
        }
    }

    @Test(
        "JSON that is broken, or wild, is answered in words",
        arguments: [
            ("{", 400, "no JSON"), ("", 400, "no JSON"), ("[]", 422, "object"), ("{\"value\":1,}", 400, "no JSON"),
            (String(repeating: "[", count: 100_000), 400, "512 levels"), ("{\"value\":1e999}", 400, "out of range"),
            ("{\"value\":123456789012345678901234567890}", 200, "1.2345678901234568e+29"),
            ("{\"value\":-0.0e-999}", 200, "value"), ("{\"value\":\"\\ud800\"}", 200, "\u{FFFD}"),
            ("{\"value\":1,\"value\":2}", 200, ":2"), ("{\"value\":1,\"more\":2}", 422, "more"),
            ("{\"value\":1} x", 400, "no JSON"), ("{\"value\":\"\\u0000\"}", 200, "u0000"), ("nul", 400, "no JSON"),
        ])
    func json(body: String, status: Int, words: String) async throws {
        try await TestServer.run { server in
            let answer = try #require(try await server.ask("POST", "/echo", body: body))
            #expect(answer.status == status && answer.body.contains(words), "\(answer.body.prefix(300))")
        }
    }

    @Test("text that is no UTF-8 is refused")
    func encoding() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(server.port) { connection in
                let body = Array("{\"value\":\"".utf8) + [0xFF, 0xC0] + Array("\"}".utf8)
                try await connection.send("\(Self.post)Content-Length: \(body.count)\r\n\r\n")
                try await connection.send(body)
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 400 && answer.body.contains("UTF-8"))
            }
        }
    }

    @Test("a body of another kind, and one where none is taken, are refused; an empty object is let through")
    func bodies() async throws {
        try await TestServer.run { server in
            let close = "Host: x\r\nConnection: close\r\nContent-Length: 11\r\n"
            for kind in ["text/plain", "application/jsonx", "application/x-www-form-urlencoded", ""] {
                let type = kind.isEmpty ? "" : "Content-Type: \(kind)\r\n"
                let answer = try await RawConnection.ask(
                    server.port, "POST /echo HTTP/1.1\r\n\(close)\(type)\r\n{\"value\":1}")
                #expect(answer?.status == 415)
            }
            let charset = "Content-Type: Application/JSON; charset=utf-8\r\n"
            let good = try await RawConnection.ask(
                server.port, "POST /echo HTTP/1.1\r\n\(close)\(charset)\r\n{\"value\":1}")
            #expect(good?.status == 200)
            #expect(try await server.ask("GET", "/plain", body: "{\"a\":1}")?.status == 400)
            #expect(try await server.ask("GET", "/plain", body: "{ }")?.status == 200)
            #expect(try await server.ask("POST", "/act", body: "{\"a\":1}")?.status == 400)
            #expect(try await server.ask("POST", "/act", body: "{}")?.status == 204)
            #expect(try await server.ask("POST", "/act")?.status == 204)
        }
    }
}
