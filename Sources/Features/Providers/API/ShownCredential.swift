import EdisonCore
import EdisonWeb

/// A credential with the moment at which it is looked at.
struct ShownCredential: Sendable {
    let credential: ProviderCredential
    let moment: Timestamp

    static let shape = Shape<ShownCredential>(
        "Credential",
        [
            .id("id", \.credential.id), .id("project_id", \.credential.project),
            .text("provider", \.credential.provider), .text("label", \.credential.label),
            .optionalText("key_hint", \.credential.keyHint), .bool("has_secret") { $0.credential.sealedSecret != nil },
            .any("config", \.credential.config.json), .bool("is_active", \.credential.isActive),
            .part("rotation", rotation) { $0 }, .optionalPart("staged", staged, \.credential.staged),
            .optionalTime("validated_at") { $0.credential.validation?.checkedAt },
            .optionalPart("validation", CredentialValidation.shape, \.credential.validation),
            .time("created_at", \.credential.createdAt), .time("updated_at", \.credential.updatedAt),
        ])

    private static let rotation = Shape<ShownCredential>(
        "KeyRotation",
        [
            .optionalInteger("days", \.credential.rotation.days),
            .optionalTime("key_set_at", \.credential.rotation.keySetAt),
            .optionalTime("due_at", \.credential.rotation.dueAt),
            .bool("is_due") { $0.credential.rotation.isDue(at: $0.moment) },
        ])

    private static let staged = Shape<StagedKey>(
        "StagedKey", [.optionalText("key_hint", \.keyHint), .time("staged_at", \.stagedAt)])
}

extension RotatedKey {
    static func shape(at moment: @escaping @Sendable () -> Timestamp) -> Shape<RotatedKey> {
        Shape(
            "RotatedKey",
            [
                .bool("switched", \.isSwitched), .part("validation", CredentialValidation.shape, \.validation),
                .part("credential", ShownCredential.shape) {
                    ShownCredential(credential: $0.credential, moment: moment())
                },
            ])
    }
}
