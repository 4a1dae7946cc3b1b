import EdisonCore
import HTTPTypes

/// What the page of the reference shows.
struct ReferenceModel: Sendable {
    let style: String
    let rules: [APIConventions.Rule]
    let groups: [Group]
    let shapes: [ShapeEntry]

    struct Group: Sendable {
        let name: String
        let anchor: String
        let endpoints: [Entry]
    }

    struct Entry: Sendable {
        let anchor: String
        let method: String
        let tone: String
        let path: String
        let summary: String
        let access: String
        let hasQuery: Bool
        let query: [Field]
        let hasBody: Bool
        let body: [Field]
        let raw: String?
        let answer: String
        let shape: String?
        let failures: String
        let example: String
    }

    struct Field: Sendable {
        let name: String
        let type: String
        /// Named unlike the shape of an answer, which a template would find in its place where this one is nil.
        let typeShape: String?
        let isRequired: Bool
        let about: String?
    }

    struct ShapeEntry: Sendable {
        let name: String
        let fields: [Field]
    }
}

extension ReferenceModel {
    init(_ endpoints: [Endpoint], _ document: OpenAPIDocument, style: String) {
        self.style = style
        rules = APIConventions.all
        var names: [String] = []
        for endpoint in endpoints where !names.contains(endpoint.group) { names.append(endpoint.group) }
        groups = names.map { name in
            Group(
                name: name, anchor: name.lowercased().replacing(" ", with: "-"),
                endpoints: endpoints.filter { $0.group == name }.map(Entry.init))
        }
        let schemas = document.json["components"]?["schemas"]?.object ?? [:]
        shapes = schemas.map { ShapeEntry(name: $0.key, fields: Field.list($0.value.object ?? [:])) }
    }
}

extension ReferenceModel.Entry {
    init(_ endpoint: Endpoint) {
        anchor = OpenAPIOperation(endpoint).identifier
        method = endpoint.method.rawValue
        tone = endpoint.method == .get ? "read" : endpoint.method == .delete ? "remove" : "change"
        path = endpoint.path.text
        summary = endpoint.summary
        access = endpoint.access.words
        query = endpoint.query.map {
            .init(
                name: $0.name, type: SchemaWords.text($0.schema), typeShape: nil, isRequired: false,
                about: .plain($0.about))
        }
        hasQuery = !query.isEmpty
        switch endpoint.input {
        case .none: (body, raw) = ([], nil)
        case .json(let schema): (body, raw) = (ReferenceModel.Field.list(schema), nil)
        case .raw(let types, let limit):
            (body, raw) = ([], "\(types.joined(separator: " or ")), up to \(limit) bytes")
        }
        hasBody = !body.isEmpty
        (answer, shape) = endpoint.answered
        failures = OpenAPIResponse.failures(of: endpoint).map { "\($0.code)" }.joined(separator: " ")
        example = CurlExample.of(endpoint)
    }
}

extension ReferenceModel.Field {
    /// The properties of an object, those of objects inside behind their names: `rubric[].weight`.
    static func list(_ schema: JSONObject, under prefix: String = "") -> [ReferenceModel.Field] {
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        return (schema["properties"]?.object ?? [:]).flatMap { name, value in
            let property = value.object ?? [:]
            let own = ReferenceModel.Field(
                name: prefix + name, type: SchemaWords.text(property), typeShape: SchemaWords.shape(property),
                isRequired: required.contains(name), about: property["description"]?.string.map(String.plain))
            let items = property["items"]?.object
            let inner =
                items.map { list($0, under: "\(prefix)\(name)[].") } ?? list(property, under: "\(prefix)\(name).")
            return [own] + inner
        }
    }
}

extension Endpoint {
    fileprivate var answered: (words: String, shape: String?) {
        switch answer {
        case .empty: ("\(status.code), without a body", nil)
        case .raw(let types): ("\(status.code), \(types.joined(separator: " or "))", nil)
        case .json(let name?, _, _, _): ("\(status.code),", name)
        case .json(nil, let schema, _, _):
            ("\(status.code), a page of", (schema["properties"]?["items"]?.object).flatMap(SchemaWords.shape))
        }
    }
}

extension AccessRule {
    fileprivate var words: String {
        switch self {
        case .open: "anybody"
        case .signedIn: "whoever is known"
        case .person: "a person, and no key"
        case .organization(let permission), .project(let permission), .entity(let permission, _):
            "\(permission.name), from the role \(permission.role.rawValue) on"
        case .installation(let permission):
            "\(permission.name), for a person who runs the installation as \(permission.role.rawValue)"
        }
    }
}

extension String {
    /// A description without the marks that OpenAPI's readers take for code.
    fileprivate static func plain(_ text: String) -> String { text.replacing("`", with: "") }
}
