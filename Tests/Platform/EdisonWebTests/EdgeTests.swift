import EdisonCore
import Testing

@testable import EdisonWeb

@Suite("What the edge of the server says", .timeLimit(.minutes(2)))
struct EdgeTests {
    @Test("pages of other origins get no leave to read, those of the list do")
    func origins() async throws {
        var settings = WebSettings()
        settings.allowedOrigins = ["https://app.example.org"]
        try await TestServer.run(settings: settings) { server in
            for origin in [
                "https://evil.example", "null", "https://app.example.org.evil.example", "http://app.example.org",
            ] {
                let answer = try await server.ask("GET", "/plain", ["Origin: \(origin)"])
                #expect(answer?.status == 200 && answer?.header("access-control-allow-origin") == nil)
                let asked = try await server.ask(
                    "OPTIONS", "/echo", ["Origin: \(origin)", "Access-Control-Request-Method: POST"])
                #expect(asked?.header("access-control-allow-origin") == nil)
            }
            let own = ["Origin: https://app.example.org"]
            let answer = try #require(try await server.ask("GET", "/plain", own))
            #expect(answer.header("access-control-allow-origin") == "https://app.example.org")
            #expect(answer.header("access-control-allow-credentials") == nil && answer.header("vary") == "Origin")
            let asked = try #require(
                try await server.ask("OPTIONS", "/echo", own + ["Access-Control-Request-Method: POST"]))
            #expect(asked.status == 204 && asked.header("access-control-allow-methods")?.contains("PATCH") == true)
        }
    }

    @Test("HEAD is GET without the body, OPTIONS tells the methods, and others are refused with them")
    func methods() async throws {
        try await TestServer.run { server in
            let get = try #require(try await server.ask("GET", "/plain"))
            let head = try #require(
                try await RawConnection.ask(server.port, "HEAD /plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            )
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.header("content-length") == get.header("content-length"))
            let options = try #require(try await server.ask("OPTIONS", "/page"))
            #expect(options.status == 204 && options.header("allow") == "GET, HEAD, PUT")
            for method in ["DELETE", "PATCH", "TRACE", "PROPFIND", "QUERY"] {
                let answer = try #require(try await server.ask(method, "/page"))
                #expect(answer.status == 405 && answer.header("allow") == "GET, HEAD, PUT", "\(method)")
            }
            #expect(try await server.ask("HEAD", "/act")?.status == 405)
            #expect(try await server.ask("OPTIONS", "/nothing")?.status == 404)
        }
    }

    @Test("every answer carries the headers that protect pages, and no browser keeps it")
    func headers() async throws {
        try await TestServer.run { server in
            for path in ["/plain", "/nothing", "/projects/orchard"] {
                let answer = try #require(try await server.ask("GET", path))
                #expect(answer.header("x-content-type-options") == "nosniff")
                #expect(answer.header("content-security-policy")?.contains("default-src 'none'") == true)
                #expect(answer.header("cache-control") == "no-store")
                #expect(answer.header("ratelimit-limit") == "120")
                #expect(answer.header("strict-transport-security") == nil)
            }
        }
    }

    @Test("who asks too often is told when to come again, and others are not held up")
    func rates() async throws {
        var settings = WebSettings()
        settings.requestsPerMinute = 5
        settings.anonymousRequestsPerMinute = 3
        settings.organizationRequestsPerMinute = 7
        try await TestServer.run(settings: settings) { server in
            func ask(_ path: String, _ name: String?) async throws -> RawAnswer {
                try #require(try await server.ask("GET", path, name.map { ["Authorization: Bearer \($0)"] } ?? []))
            }
            for left in (0..<3).reversed() {
                #expect(try await ask("/plain", nil).header("ratelimit-remaining") == "\(left)")
            }
            let nobody = try await ask("/plain", nil)
            #expect(nobody.status == 429 && nobody.header("ratelimit-remaining") == "0")
            #expect(nobody.header("retry-after").flatMap { Int($0) }.map { (1...60).contains($0) } == true)
            // A guessed token counts as nobody's.
            #expect(try await ask("/plain", "7").status == 429)
            for _ in 0..<5 { #expect(try await ask("/projects/orchard", "ada").status == 200) }
            #expect(try await ask("/projects/orchard", "ada").status == 429)
            // Both together are the organization.
            for _ in 0..<2 { #expect(try await ask("/projects/orchard", "bob").status == 200) }
            let crowd = try await ask("/projects/orchard", "bob")
            #expect(crowd.status == 429 && crowd.header("ratelimit-limit") == "7")
            #expect(try await ask("/plain", "bob").status == 200)
        }
    }

    @Test("what a proxy says of the caller counts only where it is trusted")
    func proxies() async throws {
        for trusts in [false, true] {
            var settings = WebSettings()
            settings.anonymousRequestsPerMinute = 2
            settings.trustsProxy = trusts
            try await TestServer.run(settings: settings) { server in
                for number in 0..<5 {
                    let answer = try await server.ask("GET", "/plain", ["X-Forwarded-For: 9.9.9.9, 10.0.0.\(number)"])
                    #expect(answer?.status == (trusts || number < 2 ? 200 : 429))
                }
            }
        }
    }

    @Test("a state that the reader has is not sent again, and one that has changed meanwhile is not changed")
    func tags() async throws {
        try await TestServer.run { server in
            let tag = try #require(try await server.ask("GET", "/page")?.header("etag"))
            for known in [tag, "\"a\", \(tag)", "W/\(tag)", "*"] {
                let answer = try #require(try await server.ask("GET", "/page", ["If-None-Match: \(known)"]))
                #expect(answer.status == 304 && answer.header("etag") == tag)
            }
            #expect(try await server.ask("GET", "/page", ["If-None-Match: \"other\""])?.status == 200)
            #expect(try await server.ask("PUT", "/page", ["If-Match: \(tag)"])?.status == 204)
            #expect(try await server.ask("PUT", "/page", ["If-Match: *"])?.status == 204)
            #expect(try await server.ask("PUT", "/page")?.status == 204)
            let stale = try #require(try await server.ask("PUT", "/page", ["If-Match: \"other\""]))
            #expect(stale.status == 409 && stale.header("etag") == tag)
            #expect(try JSONValue(parsing: stale.body)["current"] == ["state": "first"])
        }
    }

    @Test("a list is read page by page, and a cursor that comes from no page is refused")
    func cursors() async throws {
        try await TestServer.run { server in
            let first = try JSONValue(parsing: try #require(try await server.ask("GET", "/list?limit=3")).body)
            #expect(first["items"]?.array?.count == 3)
            let cursor = try #require(first["next_cursor"]?.string)
            let second = try JSONValue(
                parsing: try #require(try await server.ask("GET", "/list?limit=2&cursor=\(cursor)")).body)
            #expect(second["items"]?[0]?["number"] == 3)
            for bad in [
                "garbage", "\(cursor)x", "x\(cursor)", "..", "-1", "%F0%9F%98%80", String(repeating: "a", count: 5_000),
            ] {
                let answer = try #require(try await server.ask("GET", "/list?cursor=\(bad)"))
                #expect(answer.status == 422 && answer.body.contains("next_cursor"), "\(bad)")
            }
            for bad in ["0", "501", "x", "1.5", "1e99", "-1", "%00"] {
                #expect([400, 422].contains(try await server.ask("GET", "/list?limit=\(bad)")?.status), "\(bad)")
            }
        }
    }

    @Test("parameters that an endpoint does not declare are refused by name, unless it is a page that is open to all")
    func unknownParameters() async throws {
        try await TestServer.run { server in
            for (method, path) in [("GET", "/projects/orchard"), ("POST", "/projects/orchard/write")] {
                let answer = try #require(
                    try await server.ask(method, "\(path)?tgs=production&a=", ["Authorization: Bearer ada"]))
                let issues = try JSONValue(parsing: answer.body)["issues"]?.array ?? []
                #expect(answer.status == 422 && issues.compactMap { $0["path"]?.string } == ["a", "tgs"])
                // Only whoever may go in is told what stands there.
                let stranger = try await server.ask(method, "\(path)?tgs=production", ["Authorization: Bearer carol"])
                #expect(stranger?.status == 404)
            }
            #expect(try await server.ask("GET", "/plain?utm_source=mail")?.status == 200)
        }
    }

    @Test("what goes wrong inside is told without a word of the inside")
    func inside() async throws {
        struct Broken: Error { let password = "hunter2-secret" }
        let endpoints: [Endpoint] = [
            .get("/broken", "Fails.", in: "Probe", .open, .nothing) { _ in throw Broken() },
            .get("/later", "Fails.", in: "Probe", .open, .nothing) { _ in
                throw EdisonError(.unavailable, "Not now.", underlying: Broken())
            },
            .get("/slower", "Fails.", in: "Probe", .open, .nothing) { _ in throw EdisonError(.limited, "Slower.") },
        ]
        try await TestServer.run(endpoints) { server in
            let broken = try #require(try await server.ask("GET", "/broken"))
            #expect(broken.status == 500 && !broken.body.contains("hunter2") && !broken.body.contains("Broken"))
            let slower = try #require(try await server.ask("GET", "/slower"))
            #expect(slower.status == 429 && slower.header("retry-after") == "5")
            let later = try #require(try await server.ask("GET", "/later"))
            #expect(later.status == 503 && later.header("retry-after") == "5" && !later.body.contains("hunter2"))
        }
    }
}
