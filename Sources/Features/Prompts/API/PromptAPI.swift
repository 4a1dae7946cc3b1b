import EdisonCore
import EdisonWeb
import HTTPTypes

/// The addresses of prompts.
struct PromptAPI: Sendable {
    let prompts: PromptService

    private static let group = "Prompts"
    private static let owner = EntityOwner("prompt") { id, db in
        try LibraryStore().project(of: Prompt.ID(id), in: db).map { .project($0) }
    }
    private static let versionOwner = EntityOwner("version") { id, db in
        try LibraryStore().project(ofVersion: PromptVersion.ID(id), in: db).map { .project($0) }
    }

    var endpoints: [Endpoint] { library + versions + tags }

    private struct Created: Sendable {
        let prompt: LibraryPrompt
        let version: PromptVersion
    }

    private static let created = Shape<Created>(
        "CreatedPrompt",
        LibraryPrompt.shape.of(\Created.prompt) + [.parts("versions", PromptVersion.shape) { [$0.version] }])

    private var library: [Endpoint] {
        [
            .get(
                "/projects/{project}/prompts", "Lists the prompts of a project.", in: Self.group,
                .project(.readPrompts),
                query: [
                    QueryParameter("name", .text(1...120), "Only the prompt of this name."),
                    QueryParameter("archived", .bool, "Whether archived ones are listed too."),
                ] + QueryParameter.page,
                .page(of: LibraryPrompt.shape)
            ) { request in
                try await prompts.prompts(
                    of: try request.requireProject(), named: try request.query("name", .text(1...120)),
                    archived: try request.query("archived", .bool) ?? false, try request.page())
            },
            .json(
                .post, "/projects/{project}/prompts", "Makes a prompt with its first version.", in: Self.group,
                .project(.writePrompts), takes: CreatePrompt.self, .one(Self.created, .created)
            ) { request, body in
                let made = try await prompts.create(
                    name: body.name, description: body.description, body.content, message: body.message,
                    in: try request.requireProject(), by: request.actor)
                return Created(prompt: made.prompt, version: made.version)
            },
            .get(
                "/projects/{project}/prompts/{name}", "Serves a prompt to an application.", in: Self.group,
                .project(.readPrompts),
                query: [
                    QueryParameter("tag", .name(1...60), "The version with this tag, such as production."),
                    QueryParameter("version", .integer(1...1_000_000), "The version with this number."),
                ],
                .tagged(ServedPrompt.shape) { $0.version.versionHash.text }
            ) { request in
                try await prompts.served(
                    try request.parameter("name"), try request.promptSelection(), in: try request.requireProject())
            },
            .get(
                "/prompts/{id}", "Shows a prompt.", in: Self.group, .entity(.readPrompts, Self.owner),
                .tagged(LibraryPrompt.shape, \.tag)
            ) { try await prompts.prompt(try $0.id()) },
            .json(
                .patch, "/prompts/{id}", "Renames or describes a prompt.", in: Self.group,
                .entity(.writePrompts, Self.owner), takes: ChangePrompt.self, .tagged(LibraryPrompt.shape, \.tag)
            ) { request, body in
                try await prompts.rename(
                    try request.id(), name: body.name, description: body.description,
                    seen: request.seen(LibraryPrompt.shape, \.tag),
                    by: request.actor)
            },
            .action(
                .delete, "/prompts/{id}", "Archives a prompt: its versions stay, as results refer to them.",
                in: Self.group, .entity(.writePrompts, Self.owner), .nothing
            ) { try await prompts.archive(try $0.id(), by: $0.actor) },
        ]
    }

    private var versions: [Endpoint] {
        [
            .get(
                "/prompts/{id}/versions", "Lists the versions of a prompt.", in: Self.group,
                .entity(.readPrompts, Self.owner), query: QueryParameter.page, .page(of: PromptVersion.shape)
            ) { try await prompts.versions(of: try $0.id(), try $0.page()) },
            .json(
                .post, "/prompts/{id}/versions", "Adds a version.", in: Self.group,
                .entity(.writePrompts, Self.owner), takes: CreateVersion.self, .one(PromptVersion.shape, .created)
            ) { request, body in
                try await prompts.append(
                    body.content, to: try request.id(), parent: body.parent, message: body.message,
                    seen: request.seen(LibraryPrompt.shape, \.tag), by: request.actor)
            },
            .get(
                "/prompt-versions/{id}", "Shows a version.", in: Self.group,
                .entity(.readPrompts, Self.versionOwner), .tagged(PromptVersion.shape) { $0.versionHash.text }
            ) { try await prompts.version(try $0.id()) },
            .action(
                .post, "/prompt-versions/{id}/publish", "Makes a version the one that is taken without a tag.",
                in: Self.group, .entity(.publishPrompts, Self.versionOwner), .one(LibraryPrompt.shape)
            ) { try await prompts.publish(try $0.id(), by: $0.actor) },
        ]
    }

    private var tags: [Endpoint] {
        [
            .json(
                .put, "/prompts/{id}/tags/{tag}",
                "Points a tag at a version; production is what applications get that ask for it.", in: Self.group,
                .entity(.publishPrompts, Self.owner), takes: SetTag.self, .one(LibraryPrompt.shape)
            ) { request, body in
                try await prompts.tag(
                    try request.id(), try request.tagName(), body.version, by: request.actor)
            },
            .action(
                .delete, "/prompts/{id}/tags/{tag}", "Removes a tag.", in: Self.group,
                .entity(.publishPrompts, Self.owner), .nothing
            ) { try await prompts.untag(try $0.id(), try $0.tagName(), by: $0.actor) },
        ]
    }
}

extension APIRequest {
    fileprivate func promptSelection() throws -> PromptSelection {
        if let tag = try query("tag", .name(1...60)) { return .tag(tag) }
        return try query("version", .integer(1...1_000_000)).map { .number($0) } ?? .published
    }

    fileprivate func tagName() throws -> String {
        let name = try parameter("tag")
        guard name.wholeMatch(of: /[a-z0-9][a-z0-9._\-]{0,59}/) != nil else {
            throw EdisonError(
                .invalid, "\"\(name)\" is no name of a tag.",
                issues: [FieldIssue(path: "tag", message: "must be letters a–z, digits, dots, hyphens, at most 60")])
        }
        return name
    }
}
