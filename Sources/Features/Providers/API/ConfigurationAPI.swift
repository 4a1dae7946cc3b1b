import EdisonCore
import EdisonWeb
import HTTPTypes

/// The routes of model configurations.
struct ConfigurationAPI: Sendable {
    let configurations: ConfigurationService

    private static let group = "Models"

    var endpoints: [Endpoint] {
        [
            .json(
                .post, "/projects/{project}/model-configurations", "Keeps a model with its parameters under a name.",
                in: Self.group, .project(.writeModels), takes: NewConfigurationRequest.self,
                .one(ModelConfiguration.shape, .created)
            ) { request, body in
                try await configurations.create(
                    body.wish, in: try request.requireProject(), by: request.actor)
            },
            .get(
                "/projects/{project}/model-configurations", "Lists a project's model configurations.", in: Self.group,
                .project(.readModels),
                query: [
                    QueryParameter("provider", .provider, "Only those of this provider."),
                    QueryParameter("is_default", .bool, "Only those that new things begin with, or only the others."),
                ] + QueryParameter.page, .page(of: ModelConfiguration.shape)
            ) { request in
                try await configurations.list(
                    of: try request.requireProject(), provider: try request.query("provider", .provider),
                    isDefault: try request.query("is_default", .bool), try request.page())
            },
            .json(
                .patch, "/model-configurations/{id}", "Changes a model configuration.", in: Self.group,
                .entity(.writeModels, .modelConfiguration), takes: ConfigurationChangeRequest.self,
                .one(ModelConfiguration.shape)
            ) { request, body in
                try await configurations.change(try request.id(), body.change, by: request.actor)
            },
            .action(
                .delete, "/model-configurations/{id}", "Deletes a model configuration.", in: Self.group,
                .entity(.writeModels, .modelConfiguration), .nothing
            ) { request in try await configurations.delete(try request.id(), by: request.actor) },
        ]
    }
}

private struct NewConfigurationRequest: RequestBody {
    static let example: JSONObject? = [
        "name": "Precise", "provider": "openai", "model": "$MODEL", "parameters": ["temperature": 0.2],
    ]

    let wish: ConfigurationChange

    init(_ fields: Fields) {
        wish = ConfigurationChange(
            name: fields.required("name", .name()), provider: fields.required("provider", .provider),
            model: fields.required("model", .name()), parameters: fields.value("parameters", .parameters, or: [:]),
            isDefault: fields.value(
                "is_default", .bool, or: false, "Takes the place of the provider's default, if there is one."))
    }
}

private struct ConfigurationChangeRequest: RequestBody {
    static let example: JSONObject? = ["parameters": ["temperature": 0.3]]

    let change: ConfigurationChange

    init(_ fields: Fields) {
        change = ConfigurationChange(
            name: fields.optional("name", .name()), provider: fields.optional("provider", .provider),
            model: fields.optional("model", .name()),
            parameters: fields.optional("parameters", .parameters, "Replaces all of them."),
            isDefault: fields.optional("is_default", .bool))
    }
}
