package import EdisonCore
package import EdisonLLM
import EdisonSQL

/// What calls need of a credential. It is looked up for each run and each job, and kept by nobody, so that a credential
/// that was changed, switched off or given another key takes effect with the next look.
extension CredentialService {
    /// - Throws: `notFound` for another project's credential too; `conflict` for one that is switched off.
    package func endpoint(of id: ProviderCredential.ID, in project: ProjectID) async throws -> Endpoint {
        guard let found = try await database.read({ db in try store.credential(id, in: project, db) }) else {
            throw Self.absent
        }
        guard found.isActive else {
            throw EdisonError(
                .conflict, "The credential \"\(found.label)\" is switched off.",
                detail: "Switch it on again (is_active), or choose another one.")
        }
        return try endpoint(of: found, secret: try vault.open(found.sealedSecret, for: found.row))
    }

    /// A model behind a credential, at the price that the project's organisation has entered for it; where it has
    /// entered none, the calls look into their own table.
    package func reference(
        of id: ProviderCredential.ID, model: String, in project: ProjectID
    ) async throws -> ModelReference {
        let endpoint = try await endpoint(of: id, in: project)
        return ModelReference(
            endpoint: endpoint, model: model, price: try await ownPrice(of: model, endpoint.kind.name, in: project))
    }

    /// nil: the project's organisation has entered none.
    func ownPrice(of model: String, _ provider: String, in project: ProjectID) async throws -> Price? {
        let moment = now()
        return try await database.read { db in
            try store.organization(of: project, in: db).flatMap { organization in
                try PriceStore().price(
                    of: model, provider: provider, at: moment, organization: organization, in: db)
            }?.price
        }
    }

    func endpoint(of credential: ProviderCredential, secret: CredentialSecret) throws -> Endpoint {
        guard let address = CredentialRules.address(credential.config, of: credential.provider) else {
            throw EdisonError(.internal, "The credential \(credential.id) has no address.")
        }
        return Endpoint(
            kind: ProviderKind(credential.provider), credentialID: credential.id.text, baseURL: address,
            apiKey: secret.apiKey, settings: credential.config.settings(headers: secret.headers.mapValues(\.revealed)))
    }
}
