package import Crypto
package import EdisonCore
import Foundation
import JWTKit

/// Signs and reads the short-lived tokens of the API: JWT with HS256 alone, so that a token that names another
/// algorithm, or none, is refused.
package struct AccessTokens: Sendable {
    package static let lifetime: Duration = .seconds(15 * 60)
    private static let audience = "edison"

    package struct Content: Sendable, Hashable {
        package let user: UserID
        /// What logging out ends.
        package let session: String

        package init(user: UserID, session: String) {
            self.user = user
            self.session = session
        }
    }

    private let keys: JWTKeyCollection
    private let signer: JWKIdentifier
    private let known = KnownTokens()

    /// - Parameter keys: the first one signs, all of them are trusted.
    package init(keys: [SymmetricKey]) async {
        self.keys = JWTKeyCollection()
        for key in keys { await self.keys.add(hmac: HMACKey(key: key), digestAlgorithm: .sha256, kid: Self.name(key)) }
        signer = keys.first.map(Self.name) ?? JWKIdentifier(string: "none")
    }

    /// Says which key it was, and nothing of it.
    private static func name(_ key: SymmetricKey) -> JWKIdentifier {
        JWKIdentifier(string: key.withUnsafeBytes { String(ContentHash(of: Array($0)).text.prefix(12)) })
    }

    package func token(_ content: Content, now: Timestamp = .now) async throws -> String {
        let claims = Claims(
            sub: SubjectClaim(value: content.user.text), sid: content.session,
            iat: IssuedAtClaim(value: now.date), exp: ExpirationClaim(value: now.advanced(by: Self.lifetime).date),
            aud: AudienceClaim(value: Self.audience))
        return try await keys.sign(claims, kid: signer)
    }

    /// - Throws: `unauthenticated` for whatever is no token of ours that is valid now.
    package func content(of token: String) async throws -> Content {
        if let content = known.content(of: token, at: .now) { return content }
        do {
            guard Self.namesOurAlgorithm(token) else {
                throw JWTError.claimVerificationFailure(failedClaim: nil, reason: "alg")
            }
            let claims = try await keys.verify(token, as: Claims.self)
            let content = Content(user: UserID(claims.sub.value), session: claims.sid)
            known.keep(content, of: token, until: claims.exp.value, at: .now)
            return content
        } catch {
            throw EdisonError(
                .unauthenticated, "Unauthorized", detail: "The access token is not valid, or has expired.")
        }
    }

    /// JWTKit goes by the key that the head names, and not by the algorithm that stands there.
    private static func namesOurAlgorithm(_ token: String) -> Bool {
        var head = token.prefix { $0 != "." }.replacing("-", with: "+").replacing("_", with: "/")
        head += String(repeating: "=", count: (4 - head.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: String(head)),
            let json = try? JSONValue(parsing: String(decoding: data, as: UTF8.self))
        else { return false }
        return json["alg"] == "HS256"
    }

    private struct Claims: JWTPayload {
        let sub: SubjectClaim
        let sid: String
        let iat: IssuedAtClaim
        let exp: ExpirationClaim
        let aud: AudienceClaim

        func verify(using algorithm: some JWTAlgorithm) async throws {
            guard algorithm.name == "HS256" else {
                throw JWTError.claimVerificationFailure(failedClaim: nil, reason: "alg")
            }
            try exp.verifyNotExpired()
            try aud.verifyIntendedAudience(includes: AccessTokens.audience)
        }
    }
}
