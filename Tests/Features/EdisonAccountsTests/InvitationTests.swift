import EdisonCore
import EdisonEvents
import EdisonSQL
import EdisonTestKit
import EdisonWeb
import Testing

@testable import EdisonAccounts

@Suite("Invitations")
struct InvitationTests {
    private struct Host: Sendable {
        let desk: Desk
        let owner: SignedIn
        var organization: OrganizationID { owner.organization?.id ?? OrganizationID("") }
        var actor: Actor { Actor(organization: organization, user: owner.user.id) }

        init(_ desk: Desk) async throws {
            self.desk = desk
            owner = try await desk.register("ada", link: try await desk.accounts.firstOwnerLink())
        }

        func invite(_ name: String, as role: Role = .editor, days: Int = 7) async throws -> String {
            let shown = try await desk.accounts.invite(
                "\(name)@example.org", as: role, to: organization, days: days, by: actor, with: .owner)
            return try #require(shown.token)
        }

        func role(of user: UserID) async throws -> Role? {
            try await desk.accounts.organizations(of: user).first { $0.organization.id == organization }?.role
        }
    }

    @Test("whoever is invited makes an account with it, once, and is in", arguments: TestDatabase.allCases)
    func register(on database: TestDatabase) async throws {
        try await Desk.run(on: database, registration: .invited) { desk in
            let host = try await Host(desk)
            let token = try await host.invite("bob", as: .reviewer)
            #expect(await code { _ = try await desk.register("bob") } == .forbidden)
            #expect(await code { _ = try await desk.register("eve", invitation: token) } == .forbidden)
            #expect(await code { _ = try await desk.register("bob", invitation: "edi_x") } == .notFound)
            let bob = try await desk.register("bob", invitation: token)
            #expect(bob.organization?.id == host.organization)
            #expect(bob.project?.slug == "default")
            #expect(try await host.role(of: bob.user.id) == .reviewer)
            #expect(try await desk.accounts.organizations(of: bob.user.id).count == 1)
            #expect(await code { _ = try await desk.register("bob", invitation: token) } == .gone)
            #expect(try await desk.accounts.invitation(by: token).invitation.status == .accepted)
        }
    }

    @Test("a closed server makes no account, and lets known people join", arguments: TestDatabase.allCases)
    func closed(on database: TestDatabase) async throws {
        try await Desk.run(on: database, registration: .closed) { desk in
            let host = try await Host(desk)
            let token = try await host.invite("bob")
            #expect(await code { _ = try await desk.register("bob", invitation: token) } == .forbidden)
        }
    }

    @Test(
        "somebody with an account accepts or declines, and each invitation is answered once",
        arguments: TestDatabase.allCases)
    func answer(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let host = try await Host(desk)
            let bob = try await desk.register("bob").user.id
            let eve = try await desk.register("eve").user.id
            let token = try await host.invite("bob", as: .admin)
            let offer = try await desk.accounts.invitation(by: token)
            #expect(offer.invitation.role == .admin && offer.token == nil)
            #expect(
                await code { _ = try await desk.accounts.accept(token, as: eve, by: Actor(user: eve)) } == .forbidden)
            _ = try await desk.accounts.accept(token, as: bob, by: Actor(user: bob))
            #expect(try await host.role(of: bob) == .admin)
            #expect(await code { _ = try await desk.accounts.accept(token, as: bob, by: Actor(user: bob)) } == .gone)
            #expect(await code { _ = try await host.invite("bob") } == .conflict)
            let declined = try await host.invite("eve")
            try await desk.accounts.decline(declined)
            #expect(await code { _ = try await desk.accounts.accept(declined, as: eve, by: Actor(user: eve)) } == .gone)
            #expect(await code { try await desk.accounts.decline(declined) } == .conflict)
            #expect(try await host.role(of: eve) == nil)
        }
    }

    @Test("one that is old, taken back or sent again is worth nothing", arguments: TestDatabase.allCases)
    func ends(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let host = try await Host(desk)
            let bob = try await desk.register("bob").user.id
            func accept(_ token: String) async -> EdisonError.Code? {
                await code { _ = try await desk.accounts.accept(token, as: bob, by: Actor(user: bob)) }
            }
            let revoked = try await host.invite("bob")
            #expect(await code { _ = try await host.invite("bob") } == .conflict)
            let first = try await desk.accounts.invitation(by: revoked).invitation.id.text
            try await desk.accounts.revokeInvitation(first, of: host.organization, by: host.actor)
            #expect(await accept(revoked) == .gone)
            let old = try await host.invite("bob", days: 1)
            desk.clock.advance(24 * 3600)
            #expect(await accept(old) == .gone)
            #expect(try await desk.accounts.invitation(by: old).invitation.status(at: desk.clock.now) == .expired)
            // An expired one is in nobody's way.
            let again = try await host.invite("bob")
            let id = try await desk.accounts.invitation(by: again).invitation.id.text
            let renewed = try await desk.accounts.resend(
                id, of: host.organization, days: 7, by: host.actor, with: .owner)
            #expect(await accept(again) == .notFound)
            #expect(await accept(try #require(renewed.token)) == nil)
        }
    }

    @Test("nobody comes in by somebody who may not invite any more", arguments: TestDatabase.allCases)
    func inviterGone(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let host = try await Host(desk)
            let admin = try await desk.register("admin", invitation: try await host.invite("admin", as: .admin)).user.id
            let bob = try await desk.register("bob").user.id
            let byAdmin = Actor(organization: host.organization, user: admin)
            func invite() async throws -> String {
                let shown = try await desk.accounts.invite(
                    "bob@example.org", as: .admin, to: host.organization, days: 7, by: byAdmin, with: .admin)
                return try #require(shown.token)
            }
            #expect(
                await code {
                    _ = try await desk.accounts.invite(
                        "x@example.org", as: .owner, to: host.organization, days: 7, by: byAdmin, with: .admin)
                } == .forbidden)
            let token = try await invite()
            _ = try await desk.accounts.setRole(
                .editor, of: admin, in: host.organization, by: host.actor, with: .owner)
            #expect(await code { _ = try await desk.accounts.accept(token, as: bob, by: Actor(user: bob)) } == .gone)
            try await desk.accounts.remove(admin, from: host.organization, by: host.actor, with: .owner)
            #expect(try await desk.accounts.invitation(by: token).invitation.status == .revoked)
        }
    }

    @Test("who has no password yet gives one before inviting others", arguments: TestDatabase.allCases)
    func first(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let link = try #require(try await desk.accounts.firstOwnerLink())
            let owner = try await desk.accounts.start(link, client: nil).user.id
            let organization = try #require(try await desk.accounts.organizations(of: owner).first).organization.id
            let actor = Actor(organization: organization, user: owner)
            func invite() async throws {
                _ = try await desk.accounts.invite(
                    "bob@example.org", as: .editor, to: organization, days: 7, by: actor, with: .owner)
            }
            #expect(await code { try await invite() } == .conflict)
            let wish = ProfileChange(
                email: "ada@example.org", name: nil, password: Desk.password, currentPassword: nil)
            _ = try await desk.accounts.change(owner, wish, session: "", by: actor)
            try await invite()
            _ = try await desk.logIn("ada")
        }
    }

    @Test("of many who use one invitation at once, one comes in", arguments: TestDatabase.allCases)
    func race(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let host = try await Host(desk)
            let token = try await host.invite("bob")
            let made = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 {
                    group.addTask { (try? await desk.register("bob", invitation: token)) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(made == 1)
        }
    }
}
