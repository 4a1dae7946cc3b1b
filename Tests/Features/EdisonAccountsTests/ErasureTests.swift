import EdisonCore
import EdisonEvents
import EdisonSQL
import EdisonServer
import EdisonTestKit
import EdisonWeb
import Foundation
import NIOHTTP1
import Testing

@testable import EdisonAccounts

@Suite("A person's data")
struct ErasureTests {
    /// What tells of Zebulon: no other text of the product has these letters.
    private static let words = ["zebulon", "Zebulon", "ZEBULON"]

    /// Rows of all tables, and for SQLite the bytes of its files too, that still hold one of the words.
    private static func traces(_ place: String, _ database: TestDatabase) async throws -> [String] {
        let store = try await Database.open(place)
        var found = try await store.read { db in
            let columns: [(String, String)]
            switch database {
            case .sqlite:
                columns = try db.fetch(
                    """
                    SELECT m.name AS holder, c.name AS part FROM sqlite_master m, pragma_table_info(m.name) c
                    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
                    """
                ).map { (try $0.string("holder"), try $0.string("part")) }
            case .postgres:
                columns = try db.fetch(
                    """
                    SELECT table_name AS holder, column_name AS part FROM information_schema.columns
                    WHERE table_schema = current_schema() AND data_type = 'text'
                    """
                ).map { (try $0.string("holder"), try $0.string("part")) }
            }
            return try columns.filter { holder, part in
                let query = "SELECT 1 AS one FROM \"\(holder)\" WHERE lower(CAST(\"\(part)\" AS TEXT)) LIKE '%zebulon%'"
                return try db.fetchOne(SQL(stringLiteral: query)) != nil
            }.map { "\($0).\($1)" }
        }
        await store.close()
        if database == .sqlite {
            for suffix in ["", "-wal"] {
                guard let bytes = FileManager.default.contents(atPath: place + suffix) else { continue }
                found += words.filter { bytes.range(of: Data($0.utf8)) != nil }.map { "\($0) in the file\(suffix)" }
            }
        }
        return found
    }

    /// A server on which Zebulon leaves traces wherever a person can, and then does something.
    private static func lived(
        on database: TestDatabase, _ use: @escaping @Sendable (_ ada: Person, _ zebulon: Person) async throws -> Void
    ) async throws -> [String] {
        let traces = Traces()
        try await Seats.shared.holding {
            try await database.place { place in
                let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                    "edison-\(UUID().uuidString)")
                defer { try? FileManager.default.removeItem(at: folder) }
                var settings = ServerSettings()
                settings.migrates = true
                settings.port = 0
                settings.database = place
                settings.secretKeyFile = folder.appendingPathComponent("secret.key").path
                try await TestServer.run(settings) { server in
                    let ada = try await Person(server, "Ada")
                    let zebulon = try await Person(server, "Zebulon")
                    let path = "/organizations/\(zebulon.organization)"
                    let invited = try await ada.send(
                        .POST, "/organizations/\(ada.organization)/invitations", ["email": .string(zebulon.email)])
                    _ = try await zebulon.send(.POST, "/invitations/\(invited["token"])/accept")
                    let second = try await ada.send(.POST, "/organizations", ["name": "Second"])
                    _ = try await ada.send(
                        .POST, "/organizations/\(second["id"])/invitations", ["email": .string(zebulon.email)])
                    _ = try await zebulon.send(.POST, "\(path)/api-keys", ["name": "Zebulon’s key", "scopes": ["*"]])
                    _ = try await zebulon.send(.POST, "\(path)/invitations", ["email": "friend@example.org"])
                    _ = try await zebulon.send(.POST, "/organizations", ["name": "House of Zebulon"])
                    _ = try await server.send(
                        .POST, "/api/v1/auth/login",
                        ["email": .string(zebulon.email), "password": .string(Person.password)],
                        headers: ["User-Agent": "zebulon’s phone", "Idempotency-Key": "once-1"])
                    for _ in 0..<2 {
                        _ = try await server.send(
                            .POST, "/api/v1/auth/login",
                            ["email": .string(zebulon.email), "password": "wrong password"])
                    }
                    try await use(ada, zebulon)
                }
                await traces.set(try await Self.traces(place, database))
            }
        }
        return await traces.found
    }

    private actor Traces {
        var found: [String] = []
        func set(_ found: [String]) { self.found = found }
    }

    @Test("what is looked for is found before it is erased", arguments: TestDatabase.allCases)
    func control(on database: TestDatabase) async throws {
        let found = try await Self.lived(on: database) { _, _ in }
        for place in [
            "user_account.email", "user_account.name", "organization.name", "user_session.client", "failed_login.name",
            "invitation.email", "api_key.name",
        ] {
            #expect(found.contains(place))
        }
    }

    @Test("of one who erases the own account no address and no name is left", arguments: TestDatabase.allCases)
    func erased(on database: TestDatabase) async throws {
        let found = try await Self.lived(on: database) { ada, zebulon in
            #expect(try await zebulon.send(.POST, "/me/erase", [:]).status == 422)
            let gone = try await zebulon.send(.POST, "/me/erase", ["current_password": .string(Person.password)])
            #expect(gone.status == 204, "\(gone.text)")
            #expect(try await zebulon.send(.GET, "/me").status == 401)
            let path = "/organizations/\(ada.organization)"
            #expect(try await ada.send(.GET, "\(path)/members").json["items"]?.array?.count == 1)
            // What was done stays known, as somebody's.
            let log = try await ada.send(.GET, "\(path)/audit?entity=user/\(zebulon.id)")
            #expect(log.json["items"]?[0]?["action"] == "user.erased")
            #expect(log.json["items"]?[0]?["user_name"] == .null)
            // The address is free again, and is another person's.
            let next = try await ada.server.send(
                .POST, "/api/v1/auth/register", ["email": "other@example.org", "password": .string(Person.password)])
            #expect(next.status == 201)
        }
        #expect(found == [])
    }

    @Test("who runs the installation erases others", arguments: TestDatabase.allCases)
    func byAdmin(on database: TestDatabase) async throws {
        let found = try await Self.lived(on: database) { (ada: Person, zebulon: Person) async throws -> Void in
            #expect(try await zebulon.send(.DELETE, "/users/\(ada.id)").status == 403)
            #expect(try await ada.send(.DELETE, "/users/\(zebulon.id)").status == 204)
            #expect(try await ada.send(.DELETE, "/users/\(zebulon.id)").status == 404)
        }
        #expect(found == [])
    }

    @Test("the last owner hands over first", arguments: TestDatabase.allCases)
    func lastOwner(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let bob = try await ada.bringIn("Bob", as: .admin)
            func erase(_ person: Person) async throws -> TestServer.Answer {
                try await person.send(.POST, "/me/erase", ["current_password": .string(Person.password)])
            }
            let refused = try await erase(ada)
            #expect(refused.status == 409 && refused["detail"].contains("local"))
            let members = "/organizations/\(ada.organization)/members"
            #expect(try await ada.send(.PATCH, "\(members)/\(bob.id)", ["role": "owner"]).status == 200)
            let still = try await erase(ada)
            #expect(still.status == 409 && still["error"].contains("installation"))
            #expect(try await ada.send(.PATCH, "/users/\(bob.id)", ["role": "owner"]).status == 200)
            #expect(try await erase(ada).status == 204)
            #expect(try await erase(bob).status == 204)
            // Nobody is left: the next one comes first, by the link that whoever runs the server sees.
            let path = try await server.server.startPath()
            #expect(path.hasPrefix("/start/"))
            let cy: JSONObject = ["email": "cy@example.org", "password": .string(Person.password)]
            let uninvited = try await server.send(.POST, "/api/v1/auth/register", .object(cy), as: nil)
            #expect(uninvited.status == 403 && uninvited["error"].contains("link"))
            var linked = cy
            linked["link"] = .string(String(path.dropFirst("/start/".count)))
            let next = try await server.send(.POST, "/api/v1/auth/register", .object(linked), as: nil)
            #expect(next.status == 201 && next.json["organization"]?["id"]?.string == ada.organization)
        }
    }

    @Test("somebody is told everything that is known, and no secret", arguments: TestDatabase.allCases)
    func export(on database: TestDatabase) async throws {
        try await TestServer.run(on: database) { server in
            let ada = try await Person(server, "Ada")
            let bob = try await ada.bringIn("Bob", as: .editor)
            let key = try await bob.send(
                .POST, "/organizations/\(ada.organization)/api-keys", ["name": "ci", "scopes": ["*"]])
            let export = try await bob.send(.GET, "/me/export")
            #expect(export.json["account"]?["email"]?.string == bob.email)
            #expect(export.json["organizations"]?[0]?["role"] == "editor")
            #expect(export.json["sessions"]?.array?.count == 1)
            #expect(export.json["api_keys"]?[0]?["name"] == "ci")
            #expect(export.json["invitations"]?[0]?["email"]?.string == bob.email)
            #expect(export.json["audit"]?.array?.count == 3)
            for secret in [key["key"], bob.token, bob.refresh, "$scrypt$", ada.email] {
                #expect(!export.text.contains(secret))
            }
        }
    }

    @Test("what other features know is handed out and erased with it", arguments: TestDatabase.allCases)
    func sources(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            _ = try await desk.register("ada")
            let bob = try await desk.register("bob").user.id
            try await desk.database.write { db in
                try db.execute("CREATE TABLE note (author TEXT, words TEXT)")
                try db.execute("INSERT INTO note (author, words) VALUES (\(bob), 'mine')")
            }
            let source = PersonalDataSource("notes") { user, db in
                .array(
                    try db.fetch("SELECT words FROM note WHERE author = \(user)").map {
                        .string(try $0.string("words"))
                    })
            } erase: { user, db in
                try db.execute("DELETE FROM note WHERE author = \(user)")
            }
            let users = UserService(accounts: desk.accounts, sources: [source])
            #expect(try await users.export(bob, by: .init(user: bob))["notes"] == ["mine"])
            try await users.erase(bob, password: Desk.password, by: .init(user: bob))
            let left = try await desk.database.read { db in try db.fetch("SELECT * FROM note").count }
            #expect(left == 0)
        }
    }

    @Test(
        "an organization that is called after a person is found",
        arguments: [
            ("Ada’s organization", "ada-s-organization", true), ("Friends of ADA", "friends", true),
            ("Ours", "ada-l", true), ("Ours", "ours", false),
        ])
    func names(name: String, slug: String, tells: Bool) {
        let user = User(
            id: UserID("u"), email: "ada@example.org", name: "Ada", role: .editor, createdAt: .now, updatedAt: .now)
        let organization = Organization(
            id: OrganizationID("0198-12345678"), slug: slug, name: name, tier: .free, createdAt: .now)
        #expect(ErasedName.tells(organization, of: user) == tells)
        #expect(ErasedName.slug(of: organization.id) == "organization-12345678")
    }
}
