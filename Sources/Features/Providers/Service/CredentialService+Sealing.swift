package import EdisonCore
import EdisonSQL

/// What sealing everything anew came to.
package struct Resealing: Sendable, Hashable {
    package var renewed = 0
    /// Secrets that no configured key opens, by the ids of their credentials; they stay as they are.
    package var unreadable: [ProviderCredential.ID] = []

    package init(renewed: Int = 0, unreadable: [ProviderCredential.ID] = []) {
        self.renewed = renewed
        self.unreadable = unreadable
    }
}

extension CredentialService {
    /// Seals everything under the first of the configured keys, so that the others can be taken away. It changes what
    /// another key sealed and nothing else, may be broken off at any moment, and may run in several processes at once.
    package func reseal() async throws -> Resealing {
        var result = Resealing()
        var last: ProviderCredential.ID?
        while true {
            let from = last
            let batch = try await database.read { db in try store.sealed(after: from, limit: 100, in: db) }
            guard let end = batch.last else { return result }
            last = end.id
            for credential in batch {
                do { if try await reseal(credential) { result.renewed += 1 } } catch let error as EdisonError
                    where error.code == .unavailable
                {
                    result.unreadable.append(credential.id)
                }
            }
        }
    }

    /// Refuses to go on with keys that open no secret that is stored.
    package func requireOwnKey() async throws {
        let sealed = try await database.read { db in try store.sealed(after: nil, limit: 100, in: db) }
        let secrets = sealed.compactMap { one in one.sealedSecret.map { (text: $0, row: one.row) } }
        guard !secrets.isEmpty, !secrets.contains(where: { vault.opens($0.text, for: $0.row) }) else { return }
        throw EdisonError(
            .unavailable, "The key for secrets is not the one that sealed what is in the database.",
            detail: "Give it the server's: the same secret_key_file or EDISON_SECRET_KEY.")
    }

    private func reseal(_ credential: ProviderCredential) async throws -> Bool {
        let secret = try credential.sealedSecret.flatMap { old in
            try vault.renewed(old, for: credential.row).map { (old: old, new: $0) }
        }
        let staged = try credential.staged.flatMap { key in
            try vault.renewed(key.sealedSecret, for: credential.stagedRow).map { (old: key.sealedSecret, new: $0) }
        }
        guard secret != nil || staged != nil else { return false }
        try await database.write { db in
            if let secret { try store.replace(secret: secret.old, by: secret.new, of: credential.id, in: db) }
            if let staged { try store.replace(staged: staged.old, by: staged.new, of: credential.id, in: db) }
        }
        return true
    }
}
