import CryptoExtras
import EdisonCore
import Foundation

/// A service account of Google Cloud, as its key file tells it: it signs a statement about itself, and gets a token for
/// that.
struct GoogleServiceAccount: Hashable, Sendable {
    let email: String
    let project: String?
    let tokenAddress: String
    private let keyID: String?
    private let privateKey: Secret

    private static let scope = "https://www.googleapis.com/auth/cloud-platform"

    /// nil: the text is no JSON object, so it is no key file at all.
    ///
    /// - Throws: `ProviderFailure` in words that show nothing of it.
    init?(_ text: String) throws {
        guard let json = try? JSONValue(parsing: text), json.object != nil else { return nil }
        guard let email = json["client_email"]?.string, let key = json["private_key"]?.string else {
            throw Self.fault("has no client_email and private_key: give the key file of a service account")
        }
        self.email = email
        project = json["project_id"]?.string
        keyID = json["private_key_id"]?.string
        privateKey = Secret(key)
        tokenAddress = json["token_uri"]?.string ?? "https://oauth2.googleapis.com/token"
        guard Self.isSafe(tokenAddress) else { throw Self.fault("has a token_uri that does not begin with https://") }
    }

    /// What is sent there is worth a token; in the clear it may go to this machine alone.
    private static func isSafe(_ address: String) -> Bool {
        guard let parts = URLComponents(string: address), let host = parts.host, !host.isEmpty else { return false }
        return parts.scheme == "https" || parts.scheme == "http" && ["127.0.0.1", "localhost", "::1"].contains(host)
    }

    /// The statement, signed with RS256, good for an hour.
    func assertion(at moment: Date) throws -> String {
        let seconds = Int64(moment.timeIntervalSince1970)
        var header: JSONObject = ["alg": "RS256", "typ": "JWT"]
        header["kid"] = keyID.map { .string($0) }
        let claims: JSONObject = [
            "iss": .string(email), "sub": .string(email), "aud": .string(tokenAddress), "scope": .string(Self.scope),
            "iat": .integer(seconds), "exp": .integer(seconds + 3_600),
        ]
        let signed = [header, claims].map { Self.base64(Data(JSONValue.object($0).text().utf8)) }.joined(separator: ".")
        let signature: Data
        do {
            signature = try _RSA.Signing.PrivateKey(pemRepresentation: privateKey.revealed)
                .signature(for: Data(signed.utf8), padding: .insecurePKCS1v1_5).rawRepresentation
        } catch { throw Self.fault("has a private_key that is no RSA key in PEM form") }
        return "\(signed).\(Self.base64(signature))"
    }

    private static func base64(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func fault(_ words: String) -> ProviderFailure {
        ProviderFailure(.refusedKey, "the service account \(words)", code: "refused")
    }
}
