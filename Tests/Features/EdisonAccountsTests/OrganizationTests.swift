import EdisonCore
import EdisonServer
import EdisonTestKit
import EdisonWeb
import HTTPTypes
import NIOHTTP1
import Testing

@testable import EdisonAccounts

@Suite("Organizations by HTTP")
struct OrganizationTests {
    @Test("somebody makes, lists, shows and changes organizations", arguments: TestDatabase.allCases)
    func whole(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let made = try await ada.send(.POST, "/organizations", ["name": "Müller & Co"])
            #expect(made.status == 201 && made["slug"] == "muller-co" && made["tier"] == "free")
            #expect(try await ada.send(.POST, "/organizations", ["name": "x", "slug": "muller-co"]).status == 409)
            let first = try await ada.send(.GET, "/organizations?limit=1")
            #expect(first.json["items"]?[0]?["id"]?.string == made["id"])
            #expect(first.json["items"]?[0]?["member_role"] == "owner")
            let second = try await ada.send(.GET, "/organizations?limit=1&cursor=\(first["next_cursor"])")
            #expect(second.json["items"]?[0]?["id"]?.string == ada.organization)
            #expect(second.json["next_cursor"] == .null)
            let path = "/organizations/muller-co"
            #expect(try await ada.send(.PATCH, path, ["slug": "local"]).status == 409)
            #expect(try await ada.send(.PATCH, path, ["slug": "Not a slug"]).status == 422)
            #expect(try await ada.send(.PATCH, path, ["name": "Müller"])["name"] == "Müller")
            #expect(try await ada.send(.PATCH, path, ["slug": "muller"])["slug"] == "muller")
            #expect(try await ada.send(.GET, path).status == 404)
            #expect(try await ada.send(.GET, "/organizations/muller")["id"] == made["id"])
        }
    }

    @Test("members are listed, get other roles, and go", arguments: TestDatabase.allCases)
    func members(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let admin = try await ada.bringIn("Adm", as: .admin)
            let editor = try await ada.bringIn("Edi", as: .editor)
            let path = "/organizations/\(ada.organization)"
            func role(_ person: Person, _ role: String, by: Person) async throws -> Int {
                try await by.send(.PATCH, "\(path)/members/\(person.id)", ["role": .string(role)]).status
            }
            let listed = try #require(try await editor.send(.GET, "\(path)/members").json["items"]?.array)
            #expect(Set(listed.compactMap { $0["role"]?.string }) == ["owner", "admin", "editor"])
            #expect(try await role(admin, "viewer", by: editor) == 403)
            #expect(try await role(ada, "viewer", by: admin) == 403)
            #expect(try await role(editor, "owner", by: admin) == 403)
            #expect(try await role(editor, "REVIEWER", by: admin) == 200)
            #expect(try await role(editor, "king", by: admin) == 422)
            #expect(try await role(ada, "admin", by: ada) == 409)
            #expect(try await ada.send(.POST, "\(path)/leave").status == 409)
            #expect(try await admin.send(.DELETE, "\(path)/members/\(ada.id)").status == 403)
            #expect(try await role(admin, "owner", by: ada) == 200)
            #expect(try await ada.send(.POST, "\(path)/leave").status == 204)
            #expect(try await ada.send(.GET, path).status == 404)
            #expect(try await admin.send(.DELETE, "\(path)/members/\(editor.id)").status == 204)
            #expect(try await admin.send(.DELETE, "\(path)/members/\(editor.id)").status == 404)
            #expect(try await editor.send(.GET, path).status == 404)
            #expect(try await editor.send(.GET, "/organizations").json["items"]?.array?.isEmpty == true)
        }
    }

    /// The routes of accounts and of the log; what others add has tests of its own.
    private static func isOurs(_ path: PathTemplate) -> Bool {
        path.text.contains("/organizations/{organization}") && !path.text.contains("/installation/")
            && Set(path.parameters.dropFirst()).isSubset(of: ["key", "invitation", "user"])
    }

    @Test("to others an organization and all that is in it does not exist", arguments: TestDatabase.allCases)
    func foreign(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let eve = try await Person(server, "Eve")
            let path = "/organizations/\(ada.organization)"
            let key = try await ada.send(.POST, "\(path)/api-keys", ["name": "ci", "scopes": ["*"]])
            let eves = try await eve.send(
                .POST, "/organizations/\(eve.organization)/api-keys", ["name": "ci", "scopes": ["*"], "role": "owner"])
            let invited = try await ada.send(.POST, "\(path)/invitations", ["email": "bob@example.org"])
            let inside = ["{key}": key["id"], "{invitation}": invited["id"], "{user}": ada.id]
            var walked = 0
            for endpoint in server.server.routes.endpoints where Self.isOurs(endpoint.path) {
                let filled = inside.reduce(endpoint.path.text) { $0.replacing($1.key, with: $1.value) }
                for (organization, caller) in [
                    (ada.organization, eve.token), (ada.organization, eves["key"]), ("local", eve.token),
                ] {
                    let target = filled.replacing("{organization}", with: organization)
                    let answer = try await server.send(
                        HTTPMethod(rawValue: endpoint.method.rawValue), target, ["role": "viewer"], as: caller)
                    #expect(answer.status == 404, "\(endpoint.method) \(target): \(answer.text)")
                    #expect(!answer.text.contains("Ada") && !answer.text.contains("bob@"))
                }
                // The things inside by their ids, through the own organisation.
                if endpoint.path.parameters.count > 1 {
                    let target = filled.replacing("{organization}", with: eve.organization)
                    let answer = try await server.send(
                        HTTPMethod(rawValue: endpoint.method.rawValue), target,
                        endpoint.method == .delete
                            ? nil : endpoint.path.text.hasSuffix("resend") ? [:] : ["role": "viewer"],
                        as: eve.token)
                    #expect(answer.status == 404, "\(endpoint.method) \(target): \(answer.text)")
                }
                walked += 1
            }
            #expect(walked >= 14)
            #expect(try await server.send(.GET, "/api/v1/organizations", as: key["key"]).status == 200)
        }
    }

    @Test("an organization whose slug is another one's id does not take its place", arguments: TestDatabase.allCases)
    func impostor(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let eve = try await Person(server, "Eve")
            let own = try await ada.send(.POST, "/organizations", ["name": "Own"])["id"]
            let slug = try await eve.send(.PATCH, "/organizations/\(eve.organization)", ["slug": .string(own)])
            #expect(slug.status == 200)
            let invited = try await eve.send(
                .POST, "/organizations/\(eve.organization)/invitations", ["email": .string(ada.email)])
            #expect(try await ada.send(.POST, "/invitations/\(invited["token"])/accept").status == 200)
            #expect(try await ada.send(.GET, "/organizations/\(own)")["id"] == own)
            #expect(try await ada.send(.GET, "/organizations/\(eve.organization)")["slug"] == own)
        }
    }

    @Test("each route of an organization is for the roles that it names alone", arguments: TestDatabase.allCases)
    func matrix(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            var people: [(Role, Person)] = []
            for role in Role.allCases where role != .owner {
                people.append((role, try await ada.bringIn("P\(role.rawValue)", as: role)))
            }
            for endpoint in server.server.routes.endpoints {
                guard case .organization(let permission) = endpoint.access, endpoint.method == .get,
                    endpoint.path.parameters == ["organization"],
                    // A stream stays open; the matrix of all routes has its roles.
                    !endpoint.path.text.hasSuffix("/events")
                else { continue }
                let path = endpoint.path.text.replacing("{organization}", with: ada.organization)
                #expect(try await server.send(.GET, path).status == 401)
                for (role, person) in people {
                    let status = try await server.send(.GET, path, as: person.token).status
                    #expect(status == (role >= permission.role ? 200 : 403), "\(path) as \(role)")
                }
            }
        }
    }

    @Test("accounts are listed and get roles by those alone who run the installation", arguments: TestDatabase.allCases)
    func installation(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let bob = try await Person(server, "Bob")
            #expect(try await bob.send(.GET, "/users").status == 403)
            #expect(try await bob.send(.PATCH, "/users/\(bob.id)", ["role": "owner"]).status == 403)
            #expect(try await ada.send(.GET, "/users").json["items"]?.array?.count == 2)
            #expect(try await ada.send(.PATCH, "/users/\(ada.id)", ["role": "viewer"]).status == 409)
            #expect(try await ada.send(.PATCH, "/users/\(bob.id)", ["role": "admin"]).status == 200)
            #expect(try await bob.send(.PATCH, "/users/\(ada.id)", ["role": "viewer"]).status == 403)
            #expect(try await bob.send(.DELETE, "/users/\(ada.id)").status == 403)
            #expect(try await ada.send(.PATCH, "/users/none", ["role": "admin"]).status == 404)
        }
    }
}
