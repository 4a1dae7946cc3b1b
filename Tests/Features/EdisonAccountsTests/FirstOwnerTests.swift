import EdisonCore
import EdisonSchema
import EdisonServer
import EdisonTestKit
import EdisonWeb
import NIOHTTP1
import Testing

@testable import EdisonAccounts

@Suite("The first owner, and who is locked out")
struct FirstOwnerTests {
    @Test(
        "the printed link signs the first owner straight in, once, and hands over what is there",
        arguments: TestDatabase.allCases)
    func link(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let path = try await server.server.startPath()
            #expect(path.hasPrefix("/start/edl_"))
            // Who only looks at it does not use it up.
            #expect(try await server.send(.HEAD, path).status == 204)
            let entered = try await server.send(.GET, path)
            #expect(entered.status == 303 && entered.headers.first(name: "Location") == "/account")
            let cookie = try #require(entered.headers.first(name: "Set-Cookie")?.prefix { $0 != ";" })
            let headers: HTTPHeaders = ["Cookie": String(cookie)]
            let me = try await server.send(.GET, "/api/v1/me", headers: headers)
            #expect(me["role"] == "owner" && me.json["email"] == .null)
            #expect(me.json["organizations"]?[0]?["id"]?.string == LocalTenant.organization)
            let again = try await server.send(.GET, path)
            #expect(again.status == 410 && again["detail"].contains("edison user link"))
            #expect(again.headers.first(name: "Set-Cookie") == nil)
            #expect(try await server.server.startPath() == "/")
            #expect(try await server.send(.GET, "/start/edl_guess").status == 410)
        }
    }

    @Test(
        "a link of before is worth nothing once somebody has an account, or a newer one was printed",
        arguments: TestDatabase.allCases)
    func late(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let first = try #require(try await desk.accounts.firstOwnerLink())
            let second = try #require(try await desk.accounts.firstOwnerLink())
            #expect(await code { _ = try await desk.accounts.start(first, client: nil) } == .gone)
            #expect(try await desk.register("ada").user.role == .owner)
            #expect(await code { _ = try await desk.accounts.start(second, client: nil) } == .gone)
            #expect(try await desk.accounts.firstOwnerLink() == nil)
            #expect(try await desk.register("bob").user.role == .editor)
        }
    }

    @Test("a link ends after a day", arguments: TestDatabase.allCases)
    func old(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let link = try #require(try await desk.accounts.firstOwnerLink())
            desk.clock.advance(24 * 3600 + 1)
            #expect(await code { _ = try await desk.accounts.start(link, client: nil) } == .gone)
        }
    }

    @Test(
        "beyond this machine the first owner registers with the link, and nobody does without",
        arguments: TestDatabase.allCases)
    func beyond(on database: TestDatabase) async throws {
        try await Desk.run(on: database, registration: .invited, trustsFirstLink: false) { desk in
            let link = try #require(try await desk.accounts.firstOwnerLink())
            #expect(await code { _ = try await desk.accounts.start(link, client: nil) } == .forbidden)
            #expect(await code { _ = try await desk.register("eve") } == .forbidden)
            #expect(await code { _ = try await desk.register("eve", link: "edl_x") } == .gone)
            let ada = try await desk.register("ada", link: link)
            #expect(ada.user.role == .owner && ada.organization?.id.text == LocalTenant.organization)
            #expect(await code { _ = try await desk.register("eve", link: link) } == .gone)
        }
    }

    @Test("of many browsers with the first link, one is signed in", arguments: TestDatabase.allCases)
    func race(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let link = try #require(try await desk.accounts.firstOwnerLink())
            let entered = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 {
                    group.addTask { (try? await desk.accounts.start(link, client: nil)) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(entered == 1)
        }
    }

    @Test("whoever has the database lets people in again by a link or a new password", arguments: TestDatabase.allCases)
    func rescue(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let rescue = AccountRescue(database: desk.database)
            #expect(try await rescue.people().isEmpty)
            // Before anybody is there, it is the first owner's.
            let first = try await rescue.link(for: nil)
            #expect(first.user == nil)
            let owner = try await desk.accounts.start(first.token, client: nil).user
            #expect(try await rescue.link(for: nil).user?.id == owner.id)
            #expect(await code { _ = try await rescue.setPassword("a new password", of: owner.id.text) } == .invalid)
            let bob = try await desk.register("bob")
            #expect(await code { _ = try await rescue.link(for: "nobody@example.org") } == .notFound)
            let old = try await rescue.link(for: "Bob@example.org")
            let link = try await rescue.link(for: bob.user.id.text)
            #expect(await code { _ = try await desk.accounts.start(old.token, client: nil) } == .gone)
            #expect(try await desk.accounts.start(link.token, client: nil).user.id == bob.user.id)
            for _ in 0..<6 { _ = await code { _ = try await desk.logIn("bob", "wrong password") } }
            #expect(await code { _ = try await rescue.setPassword("short", of: "bob@example.org") } == .invalid)
            _ = try await rescue.setPassword("a new password", of: "bob@example.org")
            #expect(await code { _ = try await desk.principal(bearer: bob.accessToken) } == .unauthenticated)
            _ = try await desk.logIn("bob", "a new password")
            let people = try await rescue.people()
            #expect(people.map(\.user.id) == [bob.user.id, owner.id])
            let local = try #require(people.last?.organizations.first?.organization)
            #expect(local.slug == "local" && local.createdAt >= owner.createdAt, "it begins with its owner")
            #expect(try await desk.actions().filter { $0 == "user.password_reset" }.count == 1)
        }
    }
}
