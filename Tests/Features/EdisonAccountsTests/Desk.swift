import Crypto
import EdisonAccounts
import EdisonCore
import EdisonSQL
import EdisonSecrets
import EdisonTestKit
import EdisonWeb
import Foundation
import Synchronization

/// A clock that a test puts forward.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp.now)

    var now: Timestamp { time.withLock { $0 } }
    func advance(_ seconds: Int) { time.withLock { $0 = $0.advanced(by: .seconds(seconds)) } }
}

/// The services of accounts on a database, without a server around them.
struct Desk: Sendable {
    let database: Database
    let clock: TestClock
    let key: SymmetricKey
    let tokens: AccessTokens
    let accounts: AccountService
    let memberships: Memberships

    static let password = "correct horse battery"

    static func run(
        on database: TestDatabase, registration: RegistrationPolicy = .open, trustsFirstLink: Bool = true,
        _ use: @escaping @Sendable (Desk) async throws -> Void
    ) async throws {
        try await Seats.shared.holding {
            try await database.migrated { database in
                let clock = TestClock()
                let passwords = Passwords()
                defer { passwords.end() }
                let key = SymmetricKey(size: .bits256)
                let tokens = await AccessTokens(keys: [key])
                let now: @Sendable () -> Timestamp = { clock.now }
                try await use(
                    Desk(
                        database: database, clock: clock, key: key, tokens: tokens,
                        accounts: AccountService(
                            database: database, passwords: passwords, tokens: tokens, registration: registration,
                            trustsFirstLink: trustsFirstLink, now: now),
                        memberships: Memberships(database: database, tokens: tokens, now: now)))
            }
        }
    }

    func register(_ name: String, invitation: String? = nil, link: String? = nil) async throws -> SignedIn {
        try await accounts.register(
            Registration(
                email: "\(name)@example.org", password: Self.password, name: nil, organization: nil,
                invitation: invitation, link: link), client: "test")
    }

    func logIn(_ name: String, _ password: String = password, from address: String = "10.0.0.1") async throws
        -> SignedIn
    {
        try await accounts.logIn(
            email: "\(name)@example.org", password: password, address: address, client: nil)
    }

    func principal(bearer: String) async throws -> Principal {
        try await memberships.principal(of: Credentials(bearer: bearer, cookie: nil, csrf: nil, isSafe: true))
    }

    func principal(cookie: String, csrf: String? = nil, isSafe: Bool = true) async throws -> Principal {
        try await memberships.principal(of: Credentials(bearer: nil, cookie: cookie, csrf: csrf, isSafe: isSafe))
    }

    /// The actions that were written down, the oldest first.
    func actions() async throws -> [String] {
        try await database.read { db in
            try db.fetch("SELECT action FROM audit_entry ORDER BY id").map { try $0.string("action") }
        }
    }
}

/// The code of the error that the work ends with; nil = it ends well.
func code(_ work: () async throws -> Void) async -> EdisonError.Code? {
    do { try await work() } catch { return (error as? EdisonError)?.code ?? .internal }
    return nil
}
