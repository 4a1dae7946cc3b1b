package import EdisonCore
package import EdisonLLM

/// Where the server's experiments get their providers from: the credentials of a project, opened at each start so that
/// a changed or withdrawn one takes effect at once.
package protocol ProviderSource: Sendable {
    /// nil: the project has no active credential of this id.
    func endpoint(credential id: String, in project: ProjectID) async throws -> Endpoint?
    /// What the project's organisation pays for a model of a credential; nil = it has entered nothing.
    func price(of model: String, credential id: String, in project: ProjectID) async throws -> Price?
}
