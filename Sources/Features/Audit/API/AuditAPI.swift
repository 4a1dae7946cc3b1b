package import EdisonCore
import EdisonWeb
import HTTPTypes

extension Permission {
    package static let readAudit = Permission("audit:read", from: .admin)
}

/// The log of an organisation, for those who answer for it.
struct AuditAPI: Sendable {
    let audit: AuditService

    private static let group = "Audit"

    var endpoints: [Endpoint] {
        [
            .get(
                "/organizations/{organization}/audit", "Lists who changed what, the newest first.", in: Self.group,
                .organization(.readAudit), query: Self.filters + QueryParameter.page, .page(of: Self.shape)
            ) { request in
                try await audit.entries(
                    of: try request.requireOrganization(), try Self.filter(request), try request.page())
            },
            .get(
                "/organizations/{organization}/audit/export", "Hands the whole log out as a file.", in: Self.group,
                .organization(.readAudit),
                query: Self.filters + [QueryParameter("format", .fileForm, "ndjson when absent.")],
                .raw(.ok, "application/x-ndjson", "text/csv")
            ) { request in
                let form = try request.query("format", .fileForm) ?? .ndjson
                let organization = try request.requireOrganization()
                let filter = try Self.filter(request)
                return .streamed(
                    type: form.mediaType,
                    headers: [.contentDisposition: "attachment; filename=\"audit.\(form.rawValue)\""]
                ) { write in
                    if let head = form.head { try await write(head) }
                    try await audit.export(of: organization, filter) { entries in
                        let lines = entries.map { form.line(Self.shape.json($0)) }
                        if !lines.isEmpty { try await write(lines.joined()) }
                    }
                }
            },
        ]
    }

    private static let filters = [
        QueryParameter("user", .text(1...100), "The id of a person."),
        QueryParameter("entity", .text(1...200), "A kind of thing, such as prompt, or one thing: prompt/ID."),
        QueryParameter("action", .text(1...100), "An action, such as prompt.created, or all that begin so: prompt."),
        QueryParameter("from", .time, "From this moment on."),
        QueryParameter("to", .time, "Before this moment."),
    ]

    private static func filter(_ request: APIRequest) throws -> AuditFilter {
        var filter = AuditFilter()
        filter.user = try request.query("user", .text(1...100)).map { UserID($0) }
        if let entity = try request.query("entity", .text(1...200)) { filter.setEntity(entity) }
        filter.action = try request.query("action", .text(1...100))
        filter.from = try request.query("from", .time)
        filter.to = try request.query("to", .time)
        return filter
    }

    static let shape = Shape<AuditEntry>(
        "AuditEntry",
        [
            .text("id", \.id), .time("created_at", \.createdAt), .optionalID("user_id", \.user),
            .optionalText("user_name", \.userName), .optionalID("key_id", \.key),
            .optionalID("project_id", \.project), .text("action", \.action), .text("entity_type", \.entityType),
            .text("entity_id", \.entityID), .any("changes", \.changes), .any("metadata", \.metadata),
            .optionalText("request_id", \.request),
        ])
}

extension FieldType where Value == AuditFile {
    fileprivate static let fileForm: FieldType<AuditFile> = .word
}
