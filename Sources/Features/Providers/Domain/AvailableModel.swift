import EdisonCore
import EdisonLLM

/// A model that a project can call, with everything that is known of it.
package struct AvailableModel: Hashable, Sendable {
    package let provider: String
    package let name: String
    /// Those that can call it.
    package internal(set) var credentials: [ProviderCredential.ID]
    /// Whether a provider listed it just now; otherwise it is known and nobody could be asked.
    package let isListed: Bool
    /// Of the provider's own list, else of what is known; nil = unknown.
    package let contextTokens: Int?
    package let known: KnownModel?
    package let price: DatedPrice?
}

/// The models of a project, and the credentials that could not say theirs.
package struct ProjectModels: Sendable {
    package let models: [AvailableModel]
    package let unasked: [Unasked]

    /// A credential whose provider gave no list, and why.
    package struct Unasked: Hashable, Sendable {
        package let credential: ProviderCredential.ID
        package let label: String
        package let provider: String
        package let reason: String
    }
}

/// What one credential's provider said.
struct CredentialListing: Sendable {
    let credential: ProviderCredential
    let outcome: Result<[ModelListing], EdisonError>
}

extension ProjectModels {
    /// Joins the lists of all credentials with what is known. Where a provider could not be asked, what is known of its
    /// models stands in.
    init(_ listings: [CredentialListing], own: [ModelPrice], at moment: Timestamp) {
        var found: [String: AvailableModel] = [:]
        var unasked: [Unasked] = []
        func add(_ name: String, _ credential: ProviderCredential, context: Int?, isListed: Bool) {
            let key = "\(credential.provider)/\(name)"
            if var there = found[key], there.isListed || !isListed {
                there.credentials.append(credential.id)
                found[key] = there
                return
            }
            let known = KnownModel.find(name, provider: credential.provider)
            found[key] = AvailableModel(
                provider: credential.provider, name: name,
                credentials: (found[key]?.credentials ?? []) + [credential.id], isListed: isListed,
                contextTokens: context ?? known?.contextTokens, known: known,
                price: PriceLookup.price(of: name, provider: credential.provider, at: moment, own: own))
        }
        for listing in listings {
            switch listing.outcome {
            case .success(let models):
                for model in models {
                    add(model.name, listing.credential, context: model.contextTokens, isListed: true)
                }
            case .failure(let error):
                let credential = listing.credential
                unasked.append(
                    Unasked(
                        credential: credential.id, label: credential.label, provider: credential.provider,
                        reason: error.message))
                for known in KnownModel.all where known.provider == credential.provider {
                    add(known.name, credential, context: nil, isListed: false)
                }
            }
        }
        models = found.values.sorted { ($0.provider, $0.name) < ($1.provider, $1.name) }
        self.unasked = unasked
    }
}
