import EdisonCore
import EdisonWeb
import HTTPTypes

/// The addresses of datasets and their cases.
struct DatasetAPI: Sendable {
    let datasets: DatasetService

    private static let group = "Datasets"
    private static let owner = EntityOwner("dataset") { id, db in
        try DatasetLibraryStore().project(of: LibraryDataset.ID(id), in: db).map { .project($0) }
    }
    private static let caseOwner = EntityOwner("case") { id, db in
        try DatasetLibraryStore().project(ofCase: TestCase.ID(id), in: db).map { .project($0) }
    }

    var endpoints: [Endpoint] { library + cases }

    private var library: [Endpoint] {
        [
            .get(
                "/projects/{project}/datasets", "Lists the datasets of a project.", in: Self.group,
                .project(.readDatasets),
                query: [QueryParameter("archived", .bool, "Whether archived ones are listed too.")]
                    + QueryParameter.page,
                .page(of: LibraryDataset.shape)
            ) { request in
                try await datasets.datasets(
                    of: try request.requireProject(), archived: try request.query("archived", .bool) ?? false,
                    try request.page())
            },
            .json(
                .post, "/projects/{project}/datasets", "Makes a dataset, with cases or without.", in: Self.group,
                .project(.writeDatasets), takes: CreateDataset.self, .one(LibraryDataset.shape, .created)
            ) { request, body in
                try await datasets.create(
                    name: body.name, kind: body.kind, description: body.description, cases: try body.cases.read(),
                    in: try request.requireProject(), by: request.actor)
            },
            .get(
                "/datasets/{id}", "Shows a dataset.", in: Self.group, .entity(.readDatasets, Self.owner),
                .tagged(LibraryDataset.shape, \.tag)
            ) { try await datasets.dataset(try $0.id()) },
            .json(
                .patch, "/datasets/{id}", "Changes what a dataset is called.", in: Self.group,
                .entity(.writeDatasets, Self.owner), takes: ChangeDataset.self, .tagged(LibraryDataset.shape, \.tag)
            ) { request, body in
                try await datasets.update(
                    try request.id(), seen: request.seen(LibraryDataset.shape, \.tag), by: request.actor, body.apply)
            },
            .action(
                .delete, "/datasets/{id}", "Archives a dataset; experiments keep the cases that they took.",
                in: Self.group, .entity(.writeDatasets, Self.owner), .nothing
            ) { try await datasets.archive(try $0.id(), by: $0.actor) },
        ]
    }

    private var cases: [Endpoint] {
        [
            .get(
                "/datasets/{id}/cases", "Lists the cases of a dataset, in the order in which they were added.",
                in: Self.group, .entity(.readDatasets, Self.owner), query: QueryParameter.page,
                .page(of: TestCase.shape)
            ) { try await datasets.cases(of: try $0.id(), try $0.page()) },
            .raw(
                .post, "/datasets/{id}/cases",
                "Adds cases: JSON {cases: […]}, CSV with a header, or one JSON object a line. Rows that cannot be read "
                    + "are left out and named.",
                in: Self.group, .entity(.writeDatasets, Self.owner),
                query: [
                    QueryParameter(
                        "mapping", .text(1...4_000),
                        "JSON object: column to input.NAME, expected, tags, difficulty, language, cluster, checks, kind."
                    )
                ],
                types: ["application/json", "text/csv", "application/x-ndjson"], limit: 20 << 20,
                .one(CaseImportReport.shape, .created)
            ) { request in
                let dataset = try await datasets.dataset(try request.id())
                return try await datasets.add(
                    try request.importedCases(kind: dataset.kind), to: dataset.id, by: request.actor)
            },
            .json(
                .put, "/cases/{id}", "Replaces a case.", in: Self.group, .entity(.writeDatasets, Self.caseOwner),
                takes: CaseRequest.self, .one(TestCase.shape)
            ) { request, body in
                try await datasets.replace(try request.id(), with: try body.read(at: ""), by: request.actor)
            },
            .action(
                .delete, "/cases/{id}", "Removes a case.", in: Self.group,
                .entity(.writeDatasets, Self.caseOwner), .nothing
            ) { try await datasets.remove(try $0.id(), by: $0.actor) },
        ]
    }
}

extension APIRequest {
    /// By its media type.
    fileprivate func importedCases(kind: DatasetKind) throws -> CaseImport.Imported {
        var mapping: [String: String] = [:]
        if let text = try query("mapping", .text(1...4_000)) {
            guard let object = (try? JSONValue(parsing: text))?.object,
                object.members.allSatisfy({ $0.value.string != nil })
            else {
                throw EdisonError(
                    .invalid, "The mapping cannot be read.",
                    issues: [FieldIssue(path: "mapping", message: "must be a JSON object of texts")])
            }
            for (key, value) in object { mapping[key] = value.string }
        }
        guard let text = String(validating: body, as: UTF8.self) else {
            throw EdisonError(.invalid, "The body is not UTF-8 text.", underlying: HTTPStatus(.badRequest))
        }
        let type = (headers[.contentType] ?? "").split(separator: ";").first ?? ""
        let format: CaseImport.Format =
            type.contains("csv") ? .csv : type.contains("ndjson") ? .jsonl : .json
        return try CaseImport.read(text, format: format, kind: kind, mapping: mapping)
    }
}
