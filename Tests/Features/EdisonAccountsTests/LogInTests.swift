import Crypto
import CryptoExtras
import EdisonCore
import EdisonEvents
import EdisonSQL
import EdisonSecrets
import EdisonTestKit
import Foundation
import Testing

@testable import EdisonAccounts

@Suite("Logging in")
struct LogInTests {
    private static func hash(of user: UserID, _ desk: Desk) async throws -> String? {
        try await desk.database.read { db in try AccountStore().passwordHash(of: user, in: db) }
    }

    /// As an older build, with half the work, would have stored it.
    private static func weakHash(_ password: String) throws -> String {
        let salt = Data((0..<16).map { UInt8($0) })
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: 1 << 14, blockSize: 8, parallelism: 1)
        let text = key.withUnsafeBytes { Data($0).base64EncodedString() }
        return "$scrypt$n=\(1 << 14),r=8,p=1$\(salt.base64EncodedString())$\(text)"
    }

    @Test(
        "a hash with weaker parameters still lets in, and is made anew with today's", arguments: TestDatabase.allCases)
    func raised(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let ada = try await desk.register("ada").user.id
            let weak = try Self.weakHash(Desk.password)
            #expect(Passwords.isWeak(weak))
            try await desk.database.write { db in try AccountStore().setPassword(weak, of: ada, in: db) }
            #expect(await code { _ = try await desk.logIn("ada", "another password") } == .unauthenticated)
            #expect(try await Self.hash(of: ada, desk) == weak)
            _ = try await desk.logIn("ada")
            let renewed = try #require(try await Self.hash(of: ada, desk))
            #expect(!Passwords.isWeak(renewed))
            _ = try await desk.logIn("ada")
            #expect(try await Self.hash(of: ada, desk) == renewed)
        }
    }

    @Test("an unknown address is refused in the same words, and takes as long as a wrong password")
    func unknown() async throws {
        try await Desk.run(on: .sqlite) { desk in
            _ = try await desk.register("ada")
            var known: [Duration] = []
            var unknown: [Duration] = []
            for index in 0..<3 {
                let began = ContinuousClock.now
                let wrong = await #expect(throws: EdisonError.self) { try await desk.logIn("ada", "wrong password") }
                let middle = ContinuousClock.now
                let nobody = await #expect(throws: EdisonError.self) {
                    try await desk.logIn("nobody\(index)", "wrong password")
                }
                #expect(wrong?.description == nobody?.description)
                known.append(began.duration(to: middle))
                unknown.append(middle.duration(to: .now))
            }
            let (least, other) = try (#require(known.min()), #require(unknown.min()))
            #expect(other > least / 2 && other < least * 2, "known \(least), unknown \(other)")
        }
    }

    @Test(
        "after five wrong passwords the right one must wait too, and lets in afterwards",
        arguments: TestDatabase.allCases)
    func wait(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            _ = try await desk.register("ada")
            for _ in 0..<5 {
                #expect(await code { _ = try await desk.logIn("ada", "wrong password") } == .unauthenticated)
            }
            #expect(await code { _ = try await desk.logIn("ada") } == .limited)
            _ = try await desk.logIn("ada", from: "10.0.0.2")
            desk.clock.advance(2)
            _ = try await desk.logIn("ada")
        }
    }

    @Test("a new password needs the old one, and ends the other sessions alone", arguments: TestDatabase.allCases)
    func change(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let ada = try await desk.register("ada")
            let other = try await desk.logIn("ada")
            guard case .user(let user, let session) = try await desk.principal(bearer: ada.accessToken) else { return }
            func change(_ password: String?, _ present: String?, name: String?? = nil) async throws {
                let wish = ProfileChange(email: nil, name: name, password: password, currentPassword: present)
                _ = try await desk.accounts.change(user, wish, session: session, by: .init(user: user))
            }
            #expect(await code { try await change("a new password", nil) } == .invalid)
            #expect(await code { try await change("a new password", "wrong password") } == .invalid)
            _ = try await desk.principal(bearer: other.accessToken)
            try await change("a new password", Desk.password)
            #expect(await code { _ = try await desk.principal(bearer: other.accessToken) } == .unauthenticated)
            _ = try await desk.principal(bearer: ada.accessToken)
            #expect(await code { _ = try await desk.logIn("ada") } == .unauthenticated)
            _ = try await desk.logIn("ada", "a new password")
            // The name is no secret: it needs no password.
            try await change(nil, nil, name: .some("Ada"))
            #expect(try await desk.accounts.user(user).name == "Ada")
            try await change(nil, nil, name: .some(nil))
            #expect(try await desk.accounts.user(user).name == nil)
        }
    }

    @Test("guessing the present password through an open session is slowed down", arguments: TestDatabase.allCases)
    func guessing(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let user = try await desk.register("ada").user.id
            for _ in 0..<5 {
                #expect(await code { try await desk.accounts.requirePassword("wrong password", of: user) } == .invalid)
            }
            #expect(await code { try await desk.accounts.requirePassword(Desk.password, of: user) } == .limited)
        }
    }

    @Test("of two who come first at the same moment, one owns the installation", arguments: TestDatabase.allCases)
    func first(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let roles = try await withThrowingTaskGroup(of: Role.self) { group in
                for name in ["ada", "bob", "cy"] { group.addTask { try await desk.register(name).user.role } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(roles.sorted() == [.editor, .editor, .owner])
        }
    }
}
