import EdisonCore
import EdisonExperiments
import EdisonLLM
import EdisonProviders

/// Gives experiments the providers that their project has credentials for.
struct CredentialSource: ProviderSource {
    let credentials: CredentialService

    func endpoint(credential id: String, in project: ProjectID) async throws -> Endpoint? {
        do { return try await credentials.endpoint(of: ProviderCredential.ID(id), in: project) } catch let error
            as EdisonError where error.code == .notFound || error.code == .conflict
        { return nil }
    }

    func price(of model: String, credential id: String, in project: ProjectID) async throws -> Price? {
        try await credentials.reference(of: ProviderCredential.ID(id), model: model, in: project).price
    }
}
