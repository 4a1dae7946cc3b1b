package import EdisonCore

/// How a project reaches a provider, and with which key. The secrets in it are sealed; nothing else of it is secret.
package struct ProviderCredential: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<ProviderCredential>

    package let id: ID
    package let project: ProjectID
    /// The name of a kind of provider, such as `openai-compatible`.
    package let provider: String
    package var label: String
    /// nil: neither a key nor a header.
    package var sealedSecret: String?
    /// The end of the key; nil where there is none, or it is too short to show a part of.
    package var keyHint: String?
    package var config: CredentialConfig
    package var isActive: Bool
    package var rotation: KeyRotation
    package var staged: StagedKey?
    package var validation: CredentialValidation?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    /// What its secret is bound to: it opens in this row alone.
    var row: String { "provider_credential/\(project)/\(id)" }
    var stagedRow: String { "\(row)/staged" }
}

/// A key that is to replace the one in use, and has not yet.
package struct StagedKey: Hashable, Sendable {
    package let sealedSecret: String
    package let keyHint: String?
    package let stagedAt: Timestamp
}

/// When a key is due to be replaced. Providers do not make keys by themselves, so a due key is told and no more.
package struct KeyRotation: Hashable, Sendable {
    /// nil: never.
    package var days: Int?
    /// nil: there is no key.
    package var keySetAt: Timestamp?

    package var dueAt: Timestamp? {
        guard let days, let keySetAt else { return nil }
        return keySetAt.advanced(by: .seconds(days * 86_400))
    }

    package func isDue(at moment: Timestamp) -> Bool { dueAt.map { $0 <= moment } ?? false }
}
