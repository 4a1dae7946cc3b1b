import Crypto
import EdisonCore
import EdisonEvents
import EdisonSecrets
import EdisonTestKit
import Foundation
import Testing

@testable import EdisonAccounts

@Suite("Access tokens")
struct TokenTests {
    private static func base64(_ data: some DataProtocol) -> String {
        Data(data).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func decoded(_ part: Substring) throws -> JSONValue {
        var text = String(part).replacing("-", with: "+").replacing("_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        return try JSONValue(parsing: String(decoding: try #require(Data(base64Encoded: text)), as: UTF8.self))
    }

    /// The same claims under another head, signed by `sign`.
    private static func forged(
        _ token: String, head: (inout JSONObject) -> Void = { _ in }, claims: (inout JSONObject) -> Void = { _ in },
        sign: (Data) -> Data
    ) throws -> String {
        let parts = token.split(separator: ".")
        var header = try #require(try decoded(parts[0]).object)
        var payload = try #require(try decoded(parts[1]).object)
        head(&header)
        claims(&payload)
        let text = [header, payload].map { base64(Data(JSONValue.object($0).text().utf8)) }.joined(separator: ".")
        return "\(text).\(base64(sign(Data(text.utf8))))"
    }

    private static func hmac(_ key: SymmetricKey) -> (Data) -> Data {
        { Data(HMAC<SHA256>.authenticationCode(for: $0, using: key)) }
    }

    @Test(
        "of all that looks like a token, only one that we signed as we sign lets anybody in",
        arguments: TestDatabase.allCases)
    func forgeries(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let token = try await desk.register("ada").accessToken
            let own = Self.hmac(desk.key)
            let far = JSONValue.integer(4_000_000_000)
            // The forger's own tools work: without them the table below would prove nothing.
            let same = try Self.forged(token, sign: own)
            #expect(try await desk.principal(bearer: same).user != nil)
            let other = SymmetricKey(size: .bits256)
            let table: [(String, String)] = [
                ("no algorithm", try Self.forged(token, head: { $0["alg"] = "none" }, sign: { _ in Data() })),
                ("None", try Self.forged(token, head: { $0["alg"] = "None" }, sign: { _ in Data() })),
                ("signed all the same", try Self.forged(token, head: { $0["alg"] = "none" }, sign: own)),
                ("another key", try Self.forged(token, sign: Self.hmac(other))),
                (
                    "another key by another name",
                    try Self.forged(token, head: { $0["kid"] = "x" }, sign: Self.hmac(other))
                ),
                ("RS256 by our secret", try Self.forged(token, head: { $0["alg"] = "RS256" }, sign: own)),
                ("ES256 by our secret", try Self.forged(token, head: { $0["alg"] = "ES256" }, sign: own)),
                (
                    "HS512 by our secret",
                    try Self.forged(
                        token, head: { $0["alg"] = "HS512" },
                        sign: { Data(HMAC<SHA512>.authenticationCode(for: $0, using: desk.key)) })
                ),
                ("for others", try Self.forged(token, claims: { $0["aud"] = "other" }, sign: own)),
                ("expired", try Self.forged(token, claims: { $0["exp"] = 1_000_000 }, sign: own)),
                ("no end", try Self.forged(token, claims: { $0["exp"] = nil }, sign: own)),
                ("longer life", try Self.forged(token, claims: { $0["exp"] = far }, sign: Self.hmac(other))),
                ("another person", try Self.forged(token, claims: { $0["sub"] = "x" }, sign: own)),
                ("another session", try Self.forged(token, claims: { $0["sid"] = "x" }, sign: own)),
                ("cut", String(token.dropLast(3))),
                ("head and claims", token.split(separator: ".").prefix(2).joined(separator: ".") + "."),
                ("no signature", token.split(separator: ".").prefix(2).joined(separator: ".")),
                ("nothing", ""), ("dots", ".."), ("prose", "open sesame"), ("a key", "edk_open"),
            ]
            for (name, forgery) in table {
                let refused = await code { _ = try await desk.principal(bearer: forgery) }
                #expect(refused == .unauthenticated, "\(name)")
            }
        }
    }

    @Test("a token ends after fifteen minutes, and with its session at once", arguments: TestDatabase.allCases)
    func ends(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let ada = try await desk.register("ada")
            guard case .user(let user, let session) = try await desk.principal(bearer: ada.accessToken) else {
                Issue.record("the token is no person's")
                return
            }
            let old = try await desk.tokens.token(
                .init(user: user, session: session), now: Timestamp.now.advanced(by: .seconds(-15 * 60 - 5)))
            #expect(await code { _ = try await desk.principal(bearer: old) } == .unauthenticated)
            let ending = try await desk.tokens.token(
                .init(user: user, session: session), now: Timestamp.now.advanced(by: .seconds(-15 * 60 + 3)))
            #expect(try await desk.principal(bearer: ending).user == user)
            try await Task.sleep(for: .seconds(3.5))
            #expect(await code { _ = try await desk.principal(bearer: ending) } == .unauthenticated)
            try await desk.accounts.logOut(user, session: session, everywhere: false, by: .init(user: user))
            #expect(await code { _ = try await desk.principal(bearer: ada.accessToken) } == .unauthenticated)
            #expect(await code { _ = try await desk.accounts.refresh(ada.refreshToken) } == .unauthenticated)
        }
    }

    @Test(
        "a refresh token that comes a second time ends the session of both who have it",
        arguments: TestDatabase.allCases)
    func reuse(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let first = try await desk.register("ada")
            let elsewhere = try await desk.logIn("ada")
            let second = try await desk.accounts.refresh(first.refreshToken)
            let third = try await desk.accounts.refresh(second.refreshToken)
            #expect(await code { _ = try await desk.accounts.refresh(first.refreshToken) } == .unauthenticated)
            #expect(await code { _ = try await desk.accounts.refresh(third.refreshToken) } == .unauthenticated)
            #expect(await code { _ = try await desk.principal(bearer: third.accessToken) } == .unauthenticated)
            #expect(try await desk.principal(bearer: elsewhere.accessToken).user == first.user.id)
            #expect(try await desk.actions().contains("session.reuse_detected"))
        }
    }

    @Test("of two who exchange the same token at once, at most one gets the next", arguments: TestDatabase.allCases)
    func race(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let token = try await desk.register("ada").refreshToken
            let got = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask { (try? await desk.accounts.refresh(token)) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(got == 1)
        }
    }

    @Test("a refresh token is worth nothing after thirty days", arguments: TestDatabase.allCases)
    func old(on database: TestDatabase) async throws {
        try await Desk.run(on: database) { desk in
            let token = try await desk.register("ada").refreshToken
            desk.clock.advance(30 * 24 * 3600 + 1)
            #expect(await code { _ = try await desk.accounts.refresh(token) } == .unauthenticated)
        }
    }
}
