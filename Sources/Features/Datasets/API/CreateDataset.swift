import EdisonCore
package import EdisonWeb

/// A case as a request carries it; how one is read is for the import to say, which files use too.
struct CaseRequest: RequestBody {
    static let example: JSONObject? = ["input": ["message": "Where is my parcel?"], "tags": ["delivery"]]

    private let json: JSONObject

    init(_ fields: Fields) {
        var json = JSONObject()
        json["input"] = fields.required("input", .any, "An object of the prompt's variables, or one text.")
        json["expected"] = fields.optional("expected", .any, "The output that is expected.")
        json["tags"] = fields.optional("tags", .list(of: .text(1...100), 0...50)).map { .array($0.map { .string($0) }) }
        json["difficulty"] = fields.optional("difficulty", .integer(1...5)).map { JSONValue($0) }
        json["language"] = fields.optional("language", .text(1...40)).map { .string($0) }
        json["cluster"] = fields.optional("cluster", .text(1...200), "Cases of one cluster are split together.")
            .map { .string($0) }
        json["checks"] = fields.optional("checks", .list(of: .object, 0...50), "Checks of this case alone.")
            .map { .array($0.map { .object($0) }) }
        json["kind"] = fields.optional("kind", FieldType<DatasetKind>.word).map { .string($0.rawValue) }
        json["confirmed"] = fields.optional("confirmed", .bool).map { .bool($0) }
        self.json = json
    }

    func read(at path: String, kind: DatasetKind = .golden) throws -> TestCase {
        do { return try CaseImport.testCase(.object(json), kind: kind) } catch {
            throw EdisonError(.invalid, "A case cannot be used.", issues: [FieldIssue(path: path, message: "\(error)")])
        }
    }
}

/// The cases of a request, of the kind of their dataset.
struct CaseList: Sendable {
    let requests: [CaseRequest]
    let kind: DatasetKind

    func read() throws -> [TestCase] {
        try requests.enumerated().map { try $1.read(at: "cases[\($0)]", kind: kind) }
    }
}

struct CreateDataset: RequestBody {
    static let example: JSONObject? = [
        "name": "Messages",
        "cases": [["input": ["message": "Where is my parcel?"]], ["input": ["message": "It broke."]]],
    ]

    let name: String
    let kind: DatasetKind
    let description: String
    let cases: CaseList

    init(_ fields: Fields) {
        name = fields.required("name", .name(1...120))
        kind = fields.value("kind", .word, or: .golden)
        description = fields.value("description", .text(0...2_000), or: "")
        cases = CaseList(
            requests: fields.value(
                "cases", .list(of: .body(CaseRequest.self), 0...DatasetService.mostCases), or: []), kind: kind)
    }
}

struct ChangeDataset: RequestBody {
    static let example: JSONObject? = ["description": "Messages of one week"]

    private let name: String?
    private let kind: DatasetKind?
    private let description: String?

    init(_ fields: Fields) {
        name = fields.optional("name", .name(1...120))
        kind = fields.optional("kind", .word)
        description = fields.optional("description", .text(0...2_000))
    }

    func apply(_ dataset: inout LibraryDataset) {
        dataset.name = name ?? dataset.name
        dataset.kind = kind ?? dataset.kind
        dataset.description = description ?? dataset.description
    }
}

extension LibraryDataset {
    package static let shape = Shape<LibraryDataset>(
        "Dataset",
        [
            .id("id", \.id), .id("project_id", \.project), .text("name", \.name), .word("kind", \.kind),
            .text("description", \.description), .integer("case_count", \.cases), .bool("is_archived", \.isArchived),
            .time("created_at", \.createdAt), .time("updated_at", \.updatedAt),
        ])
}

extension TestCase {
    package static let shape = Shape<TestCase>(
        "Case",
        [
            .id("id", \.id), Property("input", ["type": "object"]) { .object($0.input) },
            .any("expected") { $0.expected ?? .null }, .texts("tags", \.tags), .integer("difficulty", \.difficulty),
            .optionalText("language", \.language), .optionalText("cluster", \.cluster),
            .any("checks") { .array($0.checks) }, .word("kind", \.kind), .bool("confirmed", \.isConfirmed),
        ])
}

extension CaseImportReport {
    static let shape = Shape<CaseImportReport>(
        "CaseImportReport",
        [
            .integer("created", \.created),
            .parts(
                "rejected",
                Shape<Rejected>("RejectedRow", [.integer("row", \.row), .text("message", \.message)]), \.rejected),
        ])
}
