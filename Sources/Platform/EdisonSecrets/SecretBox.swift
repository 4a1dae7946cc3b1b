package import Crypto
package import EdisonCore
package import Foundation

/// Seals what must be read again, such as a provider's key: AES-256-GCM, bound to the row that it stands in, so that a
/// sealed value that is moved to another row cannot be opened there.
///
/// Several keys may open, the first one seals: a rotation adds the new key in front, seals everything anew, and takes
/// the old one away.
package struct SecretBox: Sendable {
    private let keys: [SealingKey]

    /// - Parameter keys: the first one seals; none of them may be missing.
    package init(keys: [SealingKey]) throws {
        guard !keys.isEmpty else { throw EdisonError(.internal, "There is no key to seal secrets with.") }
        self.keys = keys
    }

    /// - Parameter row: what it belongs to, such as `credential/01980…`: not secret, but needed to open it.
    package func seal(_ secret: String, for row: String) throws -> String {
        let box = try AES.GCM.seal(Data(secret.utf8), using: keys[0].key, authenticating: Data(row.utf8))
        guard let combined = box.combined else { throw EdisonError(.internal, "Sealing failed.") }
        return "\(keys[0].name).\(combined.base64EncodedString())"
    }

    package func open(_ sealed: String, for row: String) throws -> String {
        let parts = sealed.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let data = Data(base64Encoded: parts[1]) else { throw Self.unreadable }
        guard let key = keys.first(where: { $0.name == parts[0] }) else {
            throw EdisonError(
                .unavailable, "A secret was sealed with another key than the ones that are configured.",
                detail:
                    "Give the server the key of that time too (EDISON_SECRET_KEY may name several), or enter it anew.")
        }
        do {
            let plain = try AES.GCM.open(
                AES.GCM.SealedBox(combined: data), using: key.key, authenticating: Data(row.utf8))
            return String(decoding: plain, as: UTF8.self)
        } catch { throw Self.unreadable }
    }

    /// Whether it was sealed with another key than the one that seals now.
    package func isStale(_ sealed: String) -> Bool { !sealed.hasPrefix("\(keys[0].name).") }

    /// For the signatures of tokens: another key than the one that seals, made from it.
    package func derived(for purpose: String) -> [SymmetricKey] {
        keys.map { key in
            HKDF<SHA256>.deriveKey(inputKeyMaterial: key.key, info: Data("edison \(purpose)".utf8), outputByteCount: 32)
        }
    }

    private static var unreadable: EdisonError {
        EdisonError(
            .unavailable, "A stored secret cannot be opened: it was changed, or moved from another row.",
            detail: "Enter it anew.")
    }
}

/// A key of 256 bits that seals, by a short name that stands beside what it sealed.
package struct SealingKey: Sendable {
    let name: String
    let key: SymmetricKey

    /// - Parameter bytes: 32.
    package init(bytes: [UInt8]) throws {
        guard bytes.count == 32 else {
            throw EdisonError(
                .invalid, "The key for secrets must have 32 bytes, and has \(bytes.count).",
                detail: "Make one: head -c 32 /dev/urandom | base64")
        }
        key = SymmetricKey(data: bytes)
        name = String(ContentHash(of: Array("edison key ".utf8) + bytes).text.prefix(8))
    }

    /// Keys as they are configured: base64, the newest first, separated by commas.
    package static func list(_ text: String) throws -> [SealingKey] {
        try text.split(separator: ",").map { part in
            guard let data = Data(base64Encoded: part.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                throw EdisonError(
                    .invalid, "The key for secrets is not base64.", detail: "Make one: head -c 32 /dev/urandom | base64"
                )
            }
            return try SealingKey(bytes: Array(data))
        }
    }
}
