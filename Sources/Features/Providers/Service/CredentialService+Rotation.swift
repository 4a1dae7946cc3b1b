import EdisonCore
package import EdisonEvents
package import EdisonLLM
import EdisonSQL

/// What came of replacing a key.
package struct RotatedKey: Sendable {
    /// Whether the new key is in use now.
    package let isSwitched: Bool
    package let validation: CredentialValidation
    package let credential: ProviderCredential
}

/// Trying credentials, and replacing their keys without a moment in which there is none that works.
extension CredentialService {
    package func validate(
        _ id: ProviderCredential.ID, model: String?, parameters: ModelParameters, by actor: Actor
    ) async throws -> CredentialValidation {
        let found = try await credential(id)
        let endpoint = try endpoint(of: found, secret: try vault.open(found.sealedSecret, for: found.row))
        let outcome = try await probe.validation(
            of: endpoint, model: model, parameters: parameters, try await bill(for: model, of: found, actor))
        try await database.write { db in
            // Of a credential that was changed meanwhile nothing is known.
            guard var held = try store.held(id, db), held.updatedAt == found.updatedAt else { return }
            held.validation = outcome
            try store.update(held, in: db)
            try record(outcome, of: id, by: actor, db)
        }
        return outcome
    }

    /// Tries what is stored nowhere. The call is written down like any other, and the key is not.
    package func tryOut(
        _ wish: NewCredential, model: String?, parameters: ModelParameters
    ) async throws -> CredentialValidation {
        try Self.refuse(
            CredentialRules.issues(wish.config, provider: wish.provider, key: wish.apiKey.map { Secret($0) }))
        try await checkAddress(of: wish.config, provider: wish.provider)
        let moment = now()
        let credential = ProviderCredential(
            id: IDSource.random.next(), project: ProjectID(""), provider: wish.provider,
            label: wish.label, sealedSecret: nil, keyHint: nil, config: wish.config, isActive: true,
            rotation: KeyRotation(), staged: nil, validation: nil, createdAt: moment, updatedAt: moment)
        var secret = CredentialSecret(apiKey: wish.apiKey.map { Secret($0) })
        secret.headers = secret.headers(of: wish.config)
        return try await probe.validation(
            of: try endpoint(of: credential, secret: secret), model: model, parameters: parameters, nil)
    }

    /// Keeps the new key beside the old one, tries it with a real request, and switches to it when it works. Runs under
    /// way keep the old key until they look again. A key that does not work stays staged, and the old one in use.
    ///
    /// - Parameter key: nil = the one that is staged already.
    package func rotate(
        _ id: ProviderCredential.ID, key: String?, model: String?, by actor: Actor
    ) async throws -> RotatedKey {
        let found = try await staged(id, key: key, by: actor)
        guard let staged = found.staged else {
            throw EdisonError(
                .conflict, "No key is staged for this credential.", detail: "Send the new one as api_key.",
                issues: [FieldIssue(path: "api_key", message: "is missing")])
        }
        let secret = try vault.open(staged.sealedSecret, for: found.stagedRow)
        let outcome = try await probe.validation(
            of: try endpoint(of: found, secret: secret), model: model, parameters: ModelParameters(),
            try await bill(for: model, of: found, actor))
        let moment = now()
        let credential = try await database.write { db in
            guard var held = try store.held(id, db) else { throw Self.absent }
            try record(outcome, of: id, by: actor, db)
            guard outcome.ok else { return held }
            guard held.staged == staged, held.config == found.config else {
                throw EdisonError(
                    .conflict, "The credential was changed while the new key was tried.", detail: "Rotate once more.")
            }
            held.sealedSecret = try vault.seal(secret, for: held.row)
            held.keyHint = staged.keyHint
            held.rotation.keySetAt = moment
            held.staged = nil
            held.validation = outcome
            held.updatedAt = moment
            try store.update(held, in: db)
            try audit.record("credential.key_rotated", of: ("credential", id.text), by: actor, db)
            return held
        }
        return RotatedKey(isSwitched: outcome.ok, validation: outcome, credential: credential)
    }

    /// A trial is a call like any other: it counts in the budgets of who has it made.
    private func bill(
        for model: String?, of credential: ProviderCredential, _ actor: Actor
    ) async throws -> TrialBill? {
        let project = credential.project
        let organization = try await database.read { db in try store.organization(of: project, in: db) }
        guard let model, let organization else { return nil }
        return TrialBill(
            payer: Payer(organization: organization, project: project, user: actor.user),
            price: try await ownPrice(of: model, credential.provider, in: project))
    }

    /// Takes a staged key away; the one in use stays.
    package func dropStaged(_ id: ProviderCredential.ID, by actor: Actor) async throws {
        try await database.write { db in
            guard var held = try store.held(id, db) else { throw Self.absent }
            guard held.staged != nil else { return }
            held.staged = nil
            try store.update(held, in: db)
            try audit.record("credential.staged_key_dropped", of: ("credential", id.text), by: actor, db)
        }
    }

    private func staged(_ id: ProviderCredential.ID, key: String?, by actor: Actor) async throws -> ProviderCredential {
        guard let key else { return try await credential(id) }
        let moment = now()
        return try await database.write { db in
            guard var held = try store.held(id, db) else { throw Self.absent }
            try Self.refuse(CredentialRules.keyIssues(held.config, provider: held.provider, key: Secret(key)))
            var secret = CredentialSecret(apiKey: Secret(key))
            // Headers are part of how the provider is reached, and stay.
            if !held.config.headers.isEmpty {
                secret.headers = try vault.open(held.sealedSecret, for: held.row).headers(of: held.config)
            }
            guard let sealed = try vault.seal(secret, for: held.stagedRow) else { return held }
            held.staged = StagedKey(
                sealedSecret: sealed, keyHint: CredentialSecret.hint(of: key), stagedAt: moment)
            try store.update(held, in: db)
            try audit.record("credential.key_staged", of: ("credential", id.text), by: actor, db)
            return held
        }
    }

    private func record(
        _ outcome: CredentialValidation, of id: ProviderCredential.ID, by actor: Actor, _ db: any DatabaseConnection
    ) throws {
        try audit.record(
            "credential.validated", of: ("credential", id.text), by: actor,
            changes: ["ok": .bool(outcome.ok), "error": JSONValue(outcome.error?.kind)], db)
    }
}
