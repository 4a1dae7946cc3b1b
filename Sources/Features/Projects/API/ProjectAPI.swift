import EdisonCore
package import EdisonWeb
import HTTPTypes

/// The addresses of projects.
struct ProjectAPI: Sendable {
    let projects: ProjectService

    private static let group = "Projects"

    var endpoints: [Endpoint] { own + members }

    private var own: [Endpoint] {
        [
            .get(
                "/projects", "Lists the caller's projects.", in: Self.group, .signedIn, query: QueryParameter.page,
                .page(of: Project.shape)
            ) { try await projects.projects(of: $0.principal, try $0.page()) },
            .json(
                .post, "/projects", "Makes a project.", in: Self.group, .signedIn, takes: CreateProject.self,
                .one(Project.shape, .created)
            ) { request, body in
                try await projects.create(
                    name: body.name, slug: body.slug, description: body.description, organization: body.organization,
                    by: request.principal, request.actor)
            },
            .get(
                "/projects/{project}", "Shows a project.", in: Self.group, .project(.readProject),
                .tagged(Project.shape, \.tag)
            ) { try await projects.project(try $0.requireProject()) },
            .json(
                .patch, "/projects/{project}", "Changes a project.", in: Self.group, .project(.changeProject),
                takes: ChangeProject.self, .tagged(Project.shape, \.tag)
            ) { request, body in
                try await projects.update(
                    try request.requireProject(), seen: request.seen(Project.shape, \.tag), by: request.actor,
                    body.apply)
            },
            .action(
                .delete, "/projects/{project}", "Deletes an empty project.", in: Self.group,
                .project(.deleteProject), .nothing
            ) { try await projects.delete(try $0.requireProject(), by: $0.actor) },
        ]
    }

    private var members: [Endpoint] {
        [
            .get(
                "/projects/{project}/members", "Lists who has a part in the project beside the organization's.",
                in: Self.group, .project(.readProject), .list(of: ProjectMember.shape)
            ) { try await projects.members(of: try $0.requireProject()) },
            .json(
                .put, "/projects/{project}/members/{user}", "Gives a member of the organization a role here.",
                in: Self.group, .project(.manageProjectMembers), takes: SetMember.self, .list(of: ProjectMember.shape)
            ) { request, body in
                try await projects.setMember(
                    try request.id("user"), body.role, of: try request.requirePlace(), by: request.actor)
            },
            .action(
                .delete, "/projects/{project}/members/{user}", "Takes that role away.", in: Self.group,
                .project(.manageProjectMembers), .nothing
            ) {
                try await projects.removeMember(try $0.id("user"), of: try $0.requirePlace(), by: $0.actor)
            },
        ]
    }
}

private struct CreateProject: RequestBody {
    static let example: JSONObject? = ["name": "Labels", "organization": "$ORGANIZATION"]

    let name: String
    let slug: String?
    let description: String
    let organization: String?

    init(_ fields: Fields) {
        name = fields.required("name", .name())
        slug = fields.optional("slug", .slug, "Made from the name when absent; unique in the organization.")
        description = fields.value("description", .text(0...2_000), or: "")
        organization = fields.optional("organization", .text(1...100), "Id or slug; needed by who is in several.")
    }
}

private struct ChangeProject: RequestBody {
    static let example: JSONObject? = ["description": "Replies to our customers"]

    private let name: String?
    private let slug: String?
    private let description: String?
    private let settings: JSONObject?

    init(_ fields: Fields) {
        name = fields.optional("name", .name())
        slug = fields.optional("slug", .slug)
        description = fields.optional("description", .text(0...2_000))
        settings = fields.optional("settings", .object)
    }

    func apply(_ project: inout Project) {
        project.name = name ?? project.name
        project.slug = slug ?? project.slug
        project.description = description ?? project.description
        project.settings = settings ?? project.settings
    }
}

private struct SetMember: RequestBody {
    static let example: JSONObject? = ["role": "editor"]

    let role: Role

    init(_ fields: Fields) { role = fields.required("role", .word) }
}

extension Project {
    package static let shape = Shape<Project>(
        "Project",
        [
            .id("id", \.id), .id("organization_id", \.organization), .text("slug", \.slug), .text("name", \.name),
            .text("description", \.description), .any("settings") { .object($0.settings) },
            .time("created_at", \.createdAt), .time("updated_at", \.updatedAt),
        ])
}

extension ProjectMember {
    static let shape = Shape<ProjectMember>(
        "ProjectMember",
        [
            .id("user_id", \.user), .optionalText("email", \.email), .optionalText("name", \.name),
            .word("role", \.role), .time("created_at", \.createdAt),
        ])
}
