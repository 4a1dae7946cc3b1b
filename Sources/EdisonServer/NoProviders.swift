import EdisonCore
import EdisonExperiments
import EdisonLLM

/// Until credentials are kept, no project has a provider.
struct NoProviders: ProviderSource {
    func endpoint(credential id: String, in project: ProjectID) async throws -> Endpoint? { nil }
}
