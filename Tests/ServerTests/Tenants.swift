import EdisonCore
import EdisonSQL
import EdisonSecrets
import Foundation
import HTTPTypes
import Testing

@testable import EdisonServer

/// An organisation with a member of each role and keys of several kinds, and one beside it.
struct Tenants: Sendable {
    struct Person: Sendable {
        let id: UserID
        let token: String
        let organization: OrganizationID
        let project: ProjectID
    }

    struct Key: Sendable {
        let text: String
        let role: Role
        let scopes: Set<String>
        let project: ProjectID?
    }

    let owner: Person
    let members: [Role: Person]
    let outsider: Person
    let expired: String
    /// Another project of the same organisation.
    let sibling: ProjectID
    let keys: [String: Key]

    static func make(on server: RunningServer) async throws -> Tenants {
        let owner = try await register("owner", on: server)
        var members: [Role: Person] = [.owner: owner]
        for role in [Role.viewer, .reviewer, .editor, .admin] {
            members[role] = try await register(role.rawValue, on: server)
        }
        let outsider = try await register("outsider", on: server)
        let sibling: ProjectID = IDSource.random.next()
        let keys = [
            "without scope": key(.owner, ["other:thing"], nil), "of a viewer": key(.viewer, ["*"], nil),
            "of everything": key(.owner, ["*"], nil), "of the project": key(.owner, ["*"], owner.project),
            "of another project": key(.owner, ["*"], sibling),
        ]
        let database = try await Database.open(server.place)
        try await database.write { [members] db in
            for (role, person) in members where role != .owner {
                try db.execute(
                    """
                    INSERT INTO organization_member (organization_id, user_id, role, created_at)
                    VALUES (\(owner.organization), \(person.id), \(role.rawValue), 1)
                    """)
            }
            try db.execute(
                """
                INSERT INTO project (id, organization_id, slug, name, created_at, updated_at)
                VALUES (\(sibling), \(owner.organization), 'sibling', 'Sibling', 1, 1)
                """)
            for (name, key) in keys {
                let scopes = JSONValue.array(key.scopes.map { .string($0) }).text()
                try db.execute(
                    """
                    INSERT INTO api_key (id, organization_id, project_id, name, hint, token_digest, role, scopes,
                        created_by, created_at)
                    VALUES (\(IDSource.random.next(Key.self)), \(owner.organization), \(key.project), \(name), 'x',
                        \(RandomToken.digest(key.text)), \(key.role.rawValue), \(scopes), \(owner.id), 1)
                    """)
            }
        }
        await database.close()
        let then = Timestamp.now.advanced(by: .seconds(-3_600))
        let expired = try await RunningServer.tokens().token(.init(user: owner.id, session: "x"), now: then)
        return Tenants(
            owner: owner, members: members, outsider: outsider, expired: expired, sibling: sibling, keys: keys)
    }

    private static func key(_ role: Role, _ scopes: Set<String>, _ project: ProjectID?) -> Key {
        Key(text: RandomToken(prefix: "edk_").text, role: role, scopes: scopes, project: project)
    }

    static func register(_ name: String, on server: RunningServer) async throws -> Person {
        let body: JSONValue = [
            "email": .string("\(name)@example.org"), "password": "a long password", "name": .string(name),
        ]
        let made = try await server.ask(.post, "/api/v1/auth/register", body: body.text())
        try #require(made.status == 201, "\(made.json)")
        func text(_ path: String...) throws -> String {
            try #require(path.reduce(made.json) { $0[$1] ?? .null }.string)
        }
        return Person(
            id: UserID(try text("user", "id")), token: try text("access_token"),
            organization: OrganizationID(try text("organization", "id")), project: ProjectID(try text("project", "id")))
    }
}
