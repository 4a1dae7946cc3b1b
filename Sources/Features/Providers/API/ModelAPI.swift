import EdisonCore
import EdisonWeb
import HTTPTypes

/// The routes of models: which there are, what they can do and cost.
struct ModelAPI: Sendable {
    let models: ModelService
    let credentials: CredentialService

    private static let group = "Models"

    var endpoints: [Endpoint] { ofProjects + ofAll }

    private var ofProjects: [Endpoint] {
        [
            .get(
                "/projects/{project}/models", "Lists the models that a project's credentials can call.", in: Self.group,
                .project(.readModels),
                query: [
                    QueryParameter("provider", .provider, "Only those of this provider."),
                    QueryParameter("refresh", .bool, "Asks the providers even if they were asked a moment ago."),
                ], AnswerKind.one(ProjectModels.shape).cached(for: .seconds(600))
            ) { request in
                try await models.models(
                    of: try request.requireProject(), provider: try request.query("provider", .provider),
                    isFresh: try request.query("refresh", .bool) ?? false)
            }
        ]
    }

    /// What the program knows by itself, whoever asks.
    private var ofAll: [Endpoint] {
        let known = AnswerKind.page(of: KnownModel.shape(at: credentials.now))
        return [
            .get(
                "/models", "Lists the models that are known by themselves.", in: Self.group, .signedIn,
                query: [QueryParameter("provider", .provider, "Only those of this provider.")],
                known.cached(for: .seconds(600))
            ) { request in Self.known(try request.query("provider", .provider)) },
            .get(
                "/models/{provider}", "Lists the known models of a provider.", in: Self.group, .signedIn,
                known.cached(for: .seconds(600))
            ) { request in Self.known(try Self.provider(request)) },
            .get(
                "/models/{provider}/pricing", "Tells the list prices of a provider's models, with their dates.",
                in: Self.group, .signedIn, AnswerKind.page(of: PriceHistory.shape).cached(for: .seconds(3_600))
            ) { request in Listing(items: Self.prices(try Self.provider(request))) },
            .json(
                .post, "/models/{provider}/validate",
                "Tries a key, an address, a model and parameters by a real request; nothing is stored.",
                in: Self.group, .person, takes: TrialRequest.self, .one(CredentialValidation.shape)
            ) { request, body in
                try await credentials.tryOut(
                    NewCredential(
                        provider: try Self.provider(request), label: "trial", apiKey: body.apiKey, config: body.config,
                        isActive: true, rotationDays: nil), model: body.model, parameters: body.parameters)
            },
        ]
    }

    private static func known(_ provider: String?) -> Listing<KnownModel> {
        Listing(items: KnownModel.all.filter { provider == nil || $0.provider == provider })
    }

    private static func prices(_ provider: String) -> [PriceHistory] {
        PriceLookup.listedModels(of: provider).map { model in
            PriceHistory(
                provider: provider, model: model, prices: PriceLookup.listed(of: model, provider: provider))
        }
    }

    private static func provider(_ request: APIRequest) throws -> String {
        let given = try request.parameter("provider")
        guard let kind = CredentialRules.kind(given) else {
            throw EdisonError(
                .notFound, "There is no provider \"\(given)\" here.", detail: "It \(CredentialRules.kindFault(given)).")
        }
        return kind
    }
}
