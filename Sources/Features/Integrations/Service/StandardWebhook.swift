import Crypto
package import EdisonCore
import Foundation

/// Messages and signatures as <https://www.standardwebhooks.com> specifies them.
package enum StandardWebhook {
    package static func body(_ event: String, at moment: Timestamp, _ data: JSONValue) -> String {
        JSONValue.object(["type": .string(event), "timestamp": .string(moment.rfc3339), "data": data]).text()
    }

    /// 32 random bytes, as receivers' libraries take them.
    package static func makeSecret(_ bytes: [UInt8]) -> String { prefix + Data(bytes).base64EncodedString() }

    private static let prefix = "whsec_"

    /// The headers of one attempt: the id stays, time and signature are those of the attempt.
    ///
    /// - Parameter secrets: `whsec_` and base64; each signs, so that a receiver may know either.
    package static func headers(
        id: String, at moment: Timestamp, body: String, secrets: [String]
    ) throws -> [(String, String)] {
        let seconds = String(moment.microseconds / 1_000_000)
        let signed = Data("\(id).\(seconds).\(body)".utf8)
        let signatures = try secrets.map { secret in
            guard secret.hasPrefix(prefix), let key = Data(base64Encoded: String(secret.dropFirst(prefix.count))) else {
                throw EdisonError(.internal, "A webhook's secret is not base64.")
            }
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
            return "v1,\(Data(code).base64EncodedString())"
        }
        return [
            ("webhook-id", id), ("webhook-timestamp", seconds),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }
}
