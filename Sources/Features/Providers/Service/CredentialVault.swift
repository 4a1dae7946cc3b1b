import EdisonCore
import EdisonSecrets

/// Seals the secrets of credentials, each for its own row.
struct CredentialVault: Sendable {
    let box: SecretBox

    /// nil: there is nothing to seal.
    func seal(_ secret: CredentialSecret, for row: String) throws -> String? {
        secret.isEmpty ? nil : try box.seal(secret.text, for: row)
    }

    func open(_ sealed: String?, for row: String) throws -> CredentialSecret {
        guard let sealed else { return CredentialSecret() }
        return try CredentialSecret(text: try box.open(sealed, for: row))
    }

    func opens(_ sealed: String, for row: String) -> Bool { (try? box.open(sealed, for: row)) != nil }

    /// The same under the key that seals now; nil = it stands under that key already.
    func renewed(_ sealed: String, for row: String) throws -> String? {
        guard box.isStale(sealed) else { return nil }
        return try box.seal(try box.open(sealed, for: row), for: row)
    }
}
