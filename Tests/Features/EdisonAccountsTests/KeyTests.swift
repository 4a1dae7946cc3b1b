import EdisonCore
import EdisonEvents
import EdisonSQL
import EdisonServer
import EdisonTestKit
import EdisonWeb
import HTTPTypes
import NIOHTTP1
import Testing

@testable import EdisonAccounts

@Suite("API keys")
struct KeyTests {
    private static func make(
        _ person: Person, _ scopes: [String], _ more: JSONObject = [:]
    ) async throws -> TestServer.Answer {
        var body: JSONObject = ["name": "ci", "scopes": .array(scopes.map { .string($0) })]
        for (name, value) in more { body[name] = value }
        return try await person.send(.POST, "/organizations/\(person.organization)/api-keys", .object(body))
    }

    @Test(
        "a key is shown once, is listed by its beginning and last use, and ends when it is revoked",
        arguments: TestDatabase.allCases)
    func life(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let path = "/organizations/\(ada.organization)"
            let made = try await Self.make(ada, ["organization:read"])
            let key = made["key"]
            #expect(made.status == 201 && key.hasPrefix("edk_") && made["role"] == "editor")
            let unused = try await ada.send(.GET, "\(path)/api-keys")
            #expect(unused.json["items"]?[0]?["used_at"] == .null)
            #expect(!unused.text.contains(key))
            #expect(key.hasPrefix(String(unused.json["items"]?[0]?["hint"]?.string?.dropLast() ?? "-")))
            #expect(try await server.send(.GET, "/api/v1\(path)", as: key).status == 200)
            #expect(try await ada.send(.GET, "\(path)/api-keys").json["items"]?[0]?["used_at"] != .null)
            #expect(try await ada.send(.DELETE, "\(path)/api-keys/\(made["id"])").status == 204)
            #expect(try await server.send(.GET, "/api/v1\(path)", as: key).status == 401)
            #expect(try await ada.send(.DELETE, "\(path)/api-keys/\(made["id"])").status == 404)
        }
    }

    @Test("a key does what its scopes name, and nothing else", arguments: TestDatabase.allCases)
    func scopes(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let path = "/api/v1/organizations/\(ada.organization)"
            let reader = try await Self.make(ada, ["organization:read", "members:read"])["key"]
            let all = try await Self.make(ada, ["*"], ["role": "owner"])["key"]
            let weak = try await Self.make(ada, ["*"], ["role": "viewer"])["key"]
            func status(_ path: String, _ key: String) async throws -> Int {
                try await server.send(.GET, path, as: key).status
            }
            #expect(try await status(path, reader) == 200)
            #expect(try await status("\(path)/members", reader) == 200)
            #expect(try await status("\(path)/api-keys", reader) == 403)
            #expect(try await status("\(path)/audit", reader) == 403)
            #expect(try await status("\(path)/audit", all) == 200)
            #expect(try await status("\(path)/members", weak) == 200)
            #expect(try await status("\(path)/audit", weak) == 403)
            // What is for people, or for the installation, is for no key.
            #expect(try await status("/api/v1/me", all) == 403)
            #expect(try await status("/api/v1/users", all) == 404)
            let child = try await server.send(.POST, "\(path)/api-keys", ["name": "x", "scopes": ["*"]], as: all)
            #expect(child.status == 403)
            #expect(try await server.send(.POST, "\(path)/leave", as: all).status == 403)
        }
    }

    @Test("the scopes are the permissions of the routes; others are faults", arguments: TestDatabase.allCases)
    func known(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let listed = try await ada.send(.GET, "/permissions").json["items"]?.array ?? []
            let names = Set(listed.compactMap { $0["name"]?.string })
            for endpoint in server.server.routes.endpoints {
                guard let permission = endpoint.access.permission else { continue }
                if case .installation = endpoint.access {
                    #expect(!names.contains(permission.name))
                } else {
                    #expect(names.contains(permission.name))
                }
            }
            let wrong = try await Self.make(ada, ["organization:read", "organization:burn", "users:manage"])
            #expect(wrong.status == 422)
            let issues = wrong.json["issues"]?.array?.compactMap { $0["path"]?.string }
            #expect(issues == ["scopes[1]", "scopes[2]"])
            #expect(try await Self.make(ada, []).status == 422)
            #expect(try await Self.make(ada, ["*"], ["expires_at": "2020-01-01T00:00:00Z"]).status == 422)
            #expect(try await Self.make(ada, ["*"], ["project": "elsewhere"]).status == 422)
        }
    }

    @Test("a key never does more than its maker can, and goes with the maker", arguments: TestDatabase.allCases)
    func maker(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let admin = try await ada.bringIn("Adm", as: .admin)
            let path = "/organizations/\(ada.organization)"
            #expect(try await Self.make(admin, ["*"], ["role": "owner"]).status == 403)
            let key = try await Self.make(admin, ["*"], ["role": "admin"])["key"]
            func audit() async throws -> Int { try await server.send(.GET, "/api/v1\(path)/audit", as: key).status }
            #expect(try await audit() == 200)
            #expect(try await ada.send(.PATCH, "\(path)/members/\(admin.id)", ["role": "viewer"]).status == 200)
            #expect(try await audit() == 403)
            #expect(try await server.send(.GET, "/api/v1\(path)", as: key).status == 200)
            #expect(try await ada.send(.DELETE, "\(path)/members/\(admin.id)").status == 204)
            #expect(try await audit() == 401)
            // Coming back does not bring the key back.
            let again = try await ada.send(
                .POST, "\(path)/invitations", ["email": .string(admin.email), "role": "admin"])
            #expect(try await admin.send(.POST, "/invitations/\(again["token"])/accept").status == 200)
            #expect(try await audit() == 401)
        }
    }

    @Test("people see and revoke their own keys, admins all", arguments: TestDatabase.allCases)
    func own(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let bob = try await ada.bringIn("Bob", as: .editor)
            let eve = try await ada.bringIn("Eve", as: .editor)
            let keys = "/organizations/\(ada.organization)/api-keys"
            let bobs = try await Self.make(bob, ["*"])["id"]
            func count(_ person: Person) async throws -> Int? {
                try await person.send(.GET, keys).json["items"]?.array?.count
            }
            #expect(try await count(bob) == 1)
            #expect(try await count(eve) == 0)
            #expect(try await count(ada) == 1)
            #expect(try await eve.send(.DELETE, "\(keys)/\(bobs)").status == 404)
            #expect(try await ada.send(.DELETE, "\(keys)/\(bobs)").status == 204)
        }
    }

    @Test("a key of one project knows no other, nor the organization as a whole", arguments: TestDatabase.allCases)
    func project(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let ada = try await desk.register("ada")
            let organization = try #require(ada.organization?.id)
            let service = KeyService(database: desk.database, now: { desk.clock.now })
            let end = desk.clock.now.advanced(by: .seconds(3600))
            let made = try await service.make(
                .init(name: "ci", scopes: ["*"], role: .editor, project: "default", expiresAt: end),
                in: organization, for: ada.user.id, own: .owner, known: [], by: .init(user: ada.user.id))
            let other = try await desk.database.write { db in
                let other = ProjectReference(id: IDSource.random.next(), slug: "other", name: "Other")
                try AccountStore().insertProject(other, of: organization, in: db)
                return other
            }
            let principal = try await desk.principal(bearer: made.text)
            func place(_ target: String) async throws -> Role? {
                try await desk.memberships.place(of: .project(target), for: principal)?.role
            }
            #expect(try await place("default") == .editor)
            #expect(try await place("other") == nil)
            #expect(try await place(other.id.text) == nil)
            #expect(try await desk.memberships.place(of: .organization(organization.text), for: principal) == nil)
            #expect(try await desk.memberships.place(of: .installation, for: principal) == nil)
            desk.clock.advance(3600)
            #expect(await code { _ = try await desk.principal(bearer: made.text) } == .unauthenticated)
            let stored = try await desk.database.read { db in
                try db.fetchOne("SELECT * FROM api_key")?.string("token_digest")
            }
            #expect(stored != made.text && stored?.count == 64)
        }
    }
}
