import EdisonCore
import EdisonLLM
import EdisonWeb
import HTTPTypes

/// The routes of credentials.
struct CredentialAPI: Sendable {
    let credentials: CredentialService
    /// The breakers of this process's calls.
    let breakers: @Sendable () -> [BreakerStatus]

    private static let group = "Credentials"
    private static let provider = QueryParameter("provider", .provider, "Only those of this provider.")
    private static let due = QueryParameter("due", .bool, "true: only those whose key should be replaced.")

    var endpoints: [EdisonWeb.Endpoint] { stored + tried }

    private var stored: [EdisonWeb.Endpoint] {
        [
            .json(
                .post, "/projects/{project}/credentials", "Stores a key for a provider; it never comes back.",
                in: Self.group, .project(.writeCredentials), takes: NewCredentialRequest.self,
                .one(ShownCredential.shape, .created)
            ) { request, body in
                shown(try await credentials.create(body.wish, in: try request.requireProject(), by: request.actor))
            },
            .get(
                "/projects/{project}/credentials", "Lists a project's credentials.", in: Self.group,
                .project(.readCredentials), query: [Self.provider, Self.due] + QueryParameter.page,
                .page(of: ShownCredential.shape)
            ) { request in
                try await credentials.list(
                    of: try request.requireProject(), provider: try request.query("provider", .provider),
                    isDue: try request.query("due", .bool) ?? false, try request.page()
                ).map(shown)
            },
            .get(
                "/credentials/{id}", "Shows a credential, without its key.", in: Self.group,
                .entity(.readCredentials, .credential), .one(ShownCredential.shape)
            ) { request in shown(try await credentials.credential(try request.id())) },
            .json(
                .patch, "/credentials/{id}", "Changes a credential; calls that begin from now on go by it.",
                in: Self.group, .entity(.writeCredentials, .credential), takes: CredentialChangeRequest.self,
                .one(ShownCredential.shape)
            ) { request, body in
                shown(try await credentials.change(try request.id(), body.change, by: request.actor))
            },
            .action(
                .delete, "/credentials/{id}", "Deletes a credential with its key.", in: Self.group,
                .entity(.writeCredentials, .credential), .nothing
            ) { request in try await credentials.delete(try request.id(), by: request.actor) },
        ]
    }

    private var tried: [EdisonWeb.Endpoint] {
        [
            .json(
                .post, "/credentials/{id}/validate", "Tries a credential by a real request.", in: Self.group,
                .entity(.validateCredentials, .credential), takes: ValidationRequest.self,
                .one(CredentialValidation.shape)
            ) { request, body in
                try await credentials.validate(
                    try request.id(), model: body.model, parameters: body.parameters, by: request.actor)
            }.failing(with: .paymentRequired),
            .json(
                .post, "/credentials/{id}/rotate",
                "Tries a new key beside the one in use, and switches to it when it works.", in: Self.group,
                .entity(.writeCredentials, .credential), takes: RotationRequest.self,
                .one(RotatedKey.shape(at: credentials.now))
            ) { request, body in
                try await credentials.rotate(
                    try request.id(), key: body.apiKey, model: body.model, by: request.actor)
            }.failing(with: .paymentRequired),
            .action(
                .delete, "/credentials/{id}/rotate", "Takes away a key that is staged and not in use.", in: Self.group,
                .entity(.writeCredentials, .credential), .nothing
            ) { request in try await credentials.dropStaged(try request.id(), by: request.actor) },
            .get(
                "/credentials/{id}/usage", "How a credential did in the last 24 hours: errors, limits, latency, cost.",
                in: Self.group, .entity(.readCredentials, .credential), .one(ShownUsage.shape)
            ) { request in
                let id: ProviderCredential.ID = try request.id()
                let paused = breakers().filter { $0.credentialID == id.text && $0.state != .closed }
                return ShownUsage(
                    usage: try await credentials.usage(of: id),
                    pauses: paused.map { ShownUsage.Pause(model: $0.model, state: $0.state.rawValue) },
                    validation: try await credentials.credential(id).validation)
            },
        ]
    }

    private func shown(_ credential: ProviderCredential) -> ShownCredential {
        ShownCredential(credential: credential, moment: credentials.now())
    }
}
