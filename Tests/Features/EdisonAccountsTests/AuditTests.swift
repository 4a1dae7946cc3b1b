import EdisonCore
import EdisonEvents
import EdisonSQL
import EdisonServer
import EdisonTestKit
import EdisonWeb
import NIOHTTP1
import Testing

@testable import EdisonAudit

@Suite("The audit log")
struct AuditTests {
    @Test("every change of accounts is in it, with who did it and nobody's address", arguments: TestDatabase.allCases)
    func changes(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let bob = try await ada.bringIn("Bob", as: .editor)
            let path = "/organizations/\(ada.organization)"
            let key = try await bob.send(.POST, "\(path)/api-keys", ["name": "ci", "scopes": ["*"]])
            _ = try await bob.send(.DELETE, "\(path)/api-keys/\(key["id"])")
            _ = try await ada.send(.PATCH, "\(path)/members/\(bob.id)", ["role": "admin"])
            _ = try await ada.send(.PATCH, path, ["name": "Ours"])
            _ = try await bob.send(.PATCH, "/me", ["name": "Robert"])
            _ = try await server.send(
                .POST, "/api/v1/auth/login", ["email": .string(bob.email), "password": "wrong password"])
            _ = try await server.send(
                .POST, "/api/v1/auth/login", ["email": .string(bob.email), "password": .string(Person.password)])
            let invited = try await bob.send(.POST, "\(path)/invitations", ["email": "cy@example.org"])
            _ = try await bob.send(.POST, "\(path)/invitations/\(invited["id"])/resend", [:])
            _ = try await bob.send(.DELETE, "\(path)/invitations/\(invited["id"])")
            _ = try await bob.send(.DELETE, "/me/sessions")
            _ = try await bob.send(.POST, "/auth/logout", [:])
            _ = try await ada.send(.DELETE, "\(path)/members/\(bob.id)")
            let log = try await ada.send(.GET, "\(path)/audit?limit=500")
            let items = try #require(log.json["items"]?.array)
            let actions = items.compactMap { $0["action"]?.string }
            // What is written in the same millisecond has no order.
            #expect(
                actions.sorted()
                    == [
                        "user.registered", "invitation.created", "invitation.accepted", "user.registered",
                        "api_key.created", "api_key.revoked", "member.role_changed", "organization.changed",
                        "user.changed",
                        "user.login_failed", "user.logged_in", "invitation.created", "invitation.resent",
                        "invitation.revoked", "session.others_ended", "user.logged_out", "member.removed",
                    ].sorted())
            let role = try #require(items.first { $0["action"] == "member.role_changed" })
            #expect(role["changes"] == ["before": "editor", "after": "admin"])
            #expect(role["user_id"]?.string == ada.id && role["entity_id"]?.string == bob.id)
            #expect(role["user_name"] == "Ada" && role["request_id"]?.string?.isEmpty == false)
            #expect(items.allSatisfy { $0["request_id"]?.string?.isEmpty == false })
            #expect(!log.text.contains("@example.org") && !log.text.contains("edk_"))
        }
    }

    @Test("it is narrowed by person, thing, action and time, and comes in pages", arguments: TestDatabase.allCases)
    func filters(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let bob = try await ada.bringIn("Bob", as: .editor)
            let path = "/organizations/\(ada.organization)/audit"
            func actions(_ query: String) async throws -> [String] {
                let answer = try await ada.send(.GET, "\(path)?\(query)")
                guard answer.status == 200 else { throw EdisonError(.internal, answer.text) }
                return answer.json["items"]?.array?.compactMap { $0["action"]?.string } ?? []
            }
            #expect(try await actions("user=\(bob.id)").sorted() == ["invitation.accepted", "user.registered"])
            #expect(try await actions("entity=invitation").count == 2)
            #expect(try await actions("entity=user/\(bob.id)") == ["user.registered"])
            #expect(try await actions("action=user.") == ["user.registered", "user.registered"])
            #expect(try await actions("action=user") == [])
            #expect(try await actions("action=invitation.created&user=\(ada.id)") == ["invitation.created"])
            #expect(try await actions("to=2020-01-01T00:00:00Z") == [])
            #expect(try await actions("from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z").count == 4)
            #expect(try await ada.send(.GET, "\(path)?from=yesterday").status == 422)
            var next = ""
            var walked: [String] = []
            repeat {
                let page = try await ada.send(.GET, "\(path)?limit=1\(next)")
                walked += page.json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
                next = page["next_cursor"].isEmpty ? "" : "&cursor=\(page["next_cursor"])"
            } while !next.isEmpty
            #expect(walked.count == 4 && walked == walked.sorted(by: >))
        }
    }

    @Test("what happens in a project is in its organization's log, for admins alone", arguments: TestDatabase.allCases)
    func project(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let eve = try await Person(server, "Eve")
            let bob = try await ada.bringIn("Bob", as: .editor)
            let path = "/organizations/\(ada.organization)/audit"
            let store = try await Database.open(server.place)
            let actor = Actor(
                organization: OrganizationID(ada.organization), project: ProjectID("p1"), user: UserID(bob.id))
            try await store.write { db in
                try AuditTrail().record("prompt.created", of: ("prompt", "x"), by: actor, db)
            }
            await store.close()
            let found = try await ada.send(.GET, "\(path)?action=prompt.created")
            #expect(found.json["items"]?[0]?["project_id"] == "p1")
            #expect(try await bob.send(.GET, path).status == 403)
            #expect(try await bob.send(.GET, "\(path)/export").status == 403)
            #expect(try await eve.send(.GET, path).status == 404)
            #expect(try await eve.send(.GET, "\(path)/export").status == 404)
            let own = try await eve.send(.GET, "/organizations/\(eve.organization)/audit")
            #expect(!own.text.contains("prompt.created"))
        }
    }

    @Test("it is handed out whole, as JSON lines or as a table", arguments: TestDatabase.allCases)
    func export(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let path = "/organizations/\(ada.organization)/audit/export"
            let store = try await Database.open(server.place)
            let actor = Actor(organization: OrganizationID(ada.organization))
            // More than a page.
            try await store.write { db in
                for index in 0..<1_200 {
                    try AuditTrail().record(
                        "case.added", of: ("case", "\(index)"), by: actor, changes: ["text": "a \"b\", c\nd"], db)
                }
            }
            await store.close()
            let lines = try await ada.send(.GET, path)
            #expect(lines.headers.first(name: "Content-Type") == "application/x-ndjson")
            let rows = try lines.text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
            #expect(rows.count == 1_201 && Set(rows.compactMap { $0["id"]?.string }).count == 1_201)
            let table = try await ada.send(.GET, "\(path)?format=csv&action=user.registered")
            #expect(table.headers.first(name: "Content-Type") == "text/csv; charset=utf-8")
            #expect(table.text.split(separator: "\r\n").count == 2)
            #expect(table.text.hasPrefix("id,created_at,user_id,user_name,"))
            #expect(try await ada.send(.GET, "\(path)?format=xml").status == 422)
        }
    }

    @Test(
        "a cell is quoted where it must be, and is no formula",
        arguments: [
            ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""),
            ("a\r\nb", "\"a\r\nb\""), ("=1+1", "'=1+1"), ("-1", "'-1"), ("@x", "'@x"), ("", ""),
            ("=a,b", "\"'=a,b\""), ("{\"a\":1}", "\"{\"\"a\"\":1}\""),
        ])
    func cells(text: String, cell: String) {
        #expect(CSVLine.cell(text) == cell)
    }
}
