import EdisonCore
import EdisonSQL
import EdisonServer
import EdisonTestKit
import EdisonWeb
import NIOHTTP1
import Testing

@testable import EdisonAccounts

@Suite("Sessions of pages")
struct PageTests {
    @Test("a browser's changes need the token of its pages, its reading does not", arguments: TestDatabase.allCases)
    func forgery(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            _ = try await desk.register("ada")
            _ = try await desk.register("eve")
            let page = try await desk.accounts.openPage(
                email: "ada@example.org", password: Desk.password, address: "::1", client: nil)
            let other = try await desk.accounts.openPage(
                email: "eve@example.org", password: Desk.password, address: "::1", client: nil)
            #expect(try await desk.principal(cookie: page.cookie).user == page.user.id)
            for csrf in [nil, "", "x", page.cookie, other.csrf] {
                let refused = await code {
                    _ = try await desk.principal(cookie: page.cookie, csrf: csrf, isSafe: false)
                }
                #expect(refused == .forbidden)
            }
            let changing = try await desk.principal(cookie: page.cookie, csrf: page.csrf, isSafe: false)
            #expect(changing.user == page.user.id)
        }
    }

    @Test("neither a refresh token nor a changed cookie is a page's session", arguments: TestDatabase.allCases)
    func confused(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let ada = try await desk.register("ada")
            let page = try await desk.accounts.openPage(
                email: "ada@example.org", password: Desk.password, address: "::1", client: nil)
            for cookie in [ada.refreshToken, ada.accessToken, String(page.cookie.dropLast()), "x"] {
                #expect(try await desk.principal(cookie: cookie) == .anonymous)
            }
            #expect(await code { _ = try await desk.accounts.refresh(page.cookie) } == .unauthenticated)
        }
    }

    @Test("who uses a page stays signed in, who does not is out after thirty days", arguments: TestDatabase.allCases)
    func sliding(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            _ = try await desk.register("ada")
            let page = try await desk.accounts.openPage(
                email: "ada@example.org", password: Desk.password, address: "::1", client: nil)
            for _ in 0..<3 {
                desk.clock.advance(20 * 24 * 3600)
                #expect(try await desk.principal(cookie: page.cookie).user == page.user.id)
            }
            desk.clock.advance(31 * 24 * 3600)
            #expect(try await desk.principal(cookie: page.cookie) == .anonymous)
        }
    }

    @Test("over HTTP the cookie is closed to scripts and other sites, and goes with logging out")
    func cookie() async throws {
        try await TestServer.run(on: .sqlite, { $0.web.isSecure = true }) { server in
            let ada = try await Person(server, "Ada")
            let signed = try await server.send(
                .POST, "/api/v1/auth/session",
                ["email": .string(ada.email), "password": .string(Person.password)])
            #expect(signed.status == 201)
            let set = try #require(signed.headers.first(name: "Set-Cookie"))
            for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure"] { #expect(set.contains(part)) }
            let cookie = String(set.prefix { $0 != ";" })
            #expect(!signed.text.contains(cookie.drop { $0 != "=" }.dropFirst()))
            let csrf = signed["csrf_token"]
            func send(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, csrf: String? = nil) async throws
                -> TestServer.Answer
            {
                var headers: HTTPHeaders = ["Cookie": "other=1; \(cookie)"]
                if let csrf { headers.add(name: "X-CSRF-Token", value: csrf) }
                return try await server.send(method, "/api/v1\(path)", body, headers: headers)
            }
            #expect(try await send(.GET, "/auth/session")["csrf_token"] == csrf)
            #expect(try await send(.GET, "/me")["email"] == ada.email)
            #expect(try await send(.PATCH, "/me", ["name": "Eve"]).status == 403)
            #expect(try await send(.PATCH, "/me", ["name": "Eve"], csrf: "guessed").status == 403)
            #expect(try await send(.POST, "/organizations", ["name": "Mine"]).status == 403)
            #expect(try await send(.DELETE, "/auth/session").status == 403)
            #expect(try await send(.GET, "/me")["name"] == "Ada")
            #expect(try await send(.PATCH, "/me", ["name": "Ada L."], csrf: csrf)["name"] == "Ada L.")
            let out = try await send(.DELETE, "/auth/session", csrf: csrf)
            #expect(out.status == 204)
            #expect(out.headers.first(name: "Set-Cookie")?.contains("Max-Age=0") == true)
            #expect(try await send(.GET, "/me").status == 401)
        }
    }

    @Test("somebody sees where the own sessions are, and ends one or all others", arguments: TestDatabase.allCases)
    func sessions(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let eve = try await Person(server, "Eve")
            var others: [TestServer.Answer] = []
            for _ in 0..<3 {
                others.append(
                    try await server.send(
                        .POST, "/api/v1/auth/login",
                        ["email": .string(ada.email), "password": .string(Person.password)],
                        headers: ["User-Agent": "phone"]))
            }
            let listed = try #require(try await ada.send(.GET, "/me/sessions").json["items"]?.array)
            #expect(listed.count == 4)
            #expect(listed.filter { $0["client"]?.string == "phone" }.count == 3)
            #expect(listed.filter { $0["is_current"]?.bool == true }.count == 1)
            let phone = try #require(listed.first { $0["client"]?.string == "phone" }?["id"]?.string)
            #expect(try await eve.send(.DELETE, "/me/sessions/\(phone)").status == 404)
            #expect(try await ada.send(.DELETE, "/me/sessions/\(phone)").status == 204)
            #expect(try await ada.send(.DELETE, "/me/sessions/\(phone)").status == 404)
            #expect(try await ada.send(.GET, "/me/sessions").json["items"]?.array?.count == 3)
            #expect(try await ada.send(.DELETE, "/me/sessions").status == 204)
            #expect(try await ada.send(.GET, "/me/sessions").json["items"]?.array?.count == 1)
            for other in others {
                #expect(try await server.send(.GET, "/api/v1/me", as: other["access_token"]).status == 401)
            }
            #expect(try await eve.send(.GET, "/me").status == 200)
        }
    }
}
