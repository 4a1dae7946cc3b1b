import EdisonCore
import HTTPTypes

/// One endpoint as OpenAPI describes it.
struct OpenAPIOperation {
    private let endpoint: Endpoint

    init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    var json: JSONObject {
        var operation: JSONObject = [
            "operationId": .string(identifier), "summary": .string(endpoint.summary),
            "tags": [.string(endpoint.group)],
        ]
        let parameters = pathParameters + queryParameters + headers
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        operation["requestBody"] = body
        operation["responses"] = .object(responses)
        operation["security"] = security
        operation["x-access"] = .string(endpoint.access.name)
        operation["x-permission"] = endpoint.access.permission.map { .string($0.name) }
        operation["x-role"] = endpoint.access.permission.map { .string($0.role.rawValue) }
        return operation
    }

    /// `getProjectsByProjectPrompts`
    var identifier: String {
        let parts = endpoint.path.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .parameter(let name): "by-\(name)"
            }
        }
        let words = parts.drop { $0 == "api" || $0 == "v1" }.flatMap { $0.split { "-_.".contains($0) } }
        return endpoint.method.rawValue.lowercased() + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private var pathParameters: [JSONValue] {
        endpoint.path.parameters.map { name in
            [
                "name": .string(name), "in": "path", "required": true,
                "description": .string(Self.about(parameter: name)),
                "schema": ["type": "string", "minLength": 1, "maxLength": 200],
            ]
        }
    }

    static func about(parameter name: String) -> String {
        switch name {
        case "organization", "project": "Its id, or its slug."
        case "id": "The id."
        default: "The \(name.replacing("_", with: " "))."
        }
    }

    private var queryParameters: [JSONValue] {
        endpoint.query.map { parameter in
            [
                "name": .string(parameter.name), "in": "query", "required": false,
                "description": .string(parameter.about), "schema": .object(parameter.schema),
            ]
        }
    }

    private var headers: [JSONValue] {
        var headers: [JSONValue] = []
        func add(_ name: String, _ about: String, _ schema: JSONObject = ["type": "string"]) {
            headers.append([
                "name": .string(name), "in": "header", "required": false, "description": .string(about),
                "schema": .object(schema),
            ])
        }
        if !endpoint.isRepeatable {
            add(
                "Idempotency-Key", "The same request with the same key is done once.",
                ["type": "string", "minLength": 1, "maxLength": 255])
        }
        if endpoint.answer.isTagged {
            if endpoint.method == .get {
                add("If-None-Match", "An ETag of before: 304 when it is still the same.")
            } else {
                add("If-Match", "The ETag of the state that the change is meant for.")
            }
        }
        return headers
    }

    private var body: JSONValue? {
        switch endpoint.input {
        case .none: return nil
        case .json(let schema):
            let content: JSONObject = ["schema": .object(schema), "example": ExampleValue.of(schema)]
            return ["required": true, "content": ["application/json": .object(content)]]
        case .raw(let types, let limit):
            let content: JSONObject = [
                "schema": ["type": "string", "description": .string("At most \(limit) bytes.")]
            ]
            return ["required": true, "content": .object(JSONObject(types.map { ($0, .object(content)) }))]
        }
    }

    private var responses: JSONObject {
        var responses: JSONObject = ["\(endpoint.status.code)": .object(success)]
        if endpoint.answer.isTagged, endpoint.method == .get {
            responses["304"] = ["description": "It is as the caller has it."]
        }
        for status in OpenAPIResponse.failures(of: endpoint) {
            responses["\(status.code)"] = .object(OpenAPIResponse.reference(status.code))
        }
        responses["default"] = .object(OpenAPIResponse.reference(nil))
        return responses
    }

    private var success: JSONObject {
        var response: JSONObject = ["description": .string(endpoint.summary)]
        switch endpoint.answer {
        case .empty: response["description"] = "Done."
        case .json(let name, let schema, _, let isTagged):
            let shape = name.map { NamedSchema(name: $0, schema: schema).reference } ?? schema
            response["content"] = ["application/json": ["schema": .object(shape)]]
            if isTagged {
                response["headers"] = ["ETag": ["description": "Names this state.", "schema": ["type": "string"]]]
            }
        case .raw(let types):
            response["content"] = .object(JSONObject(types.map { ($0, .object([:])) }))
        }
        return response
    }

    private var security: JSONValue {
        switch endpoint.access {
        case .open: []
        case .person, .installation: [["token": []], ["cookie": []]]
        case .signedIn, .organization, .project, .entity: [["token": []], ["key": []], ["cookie": []]]
        }
    }
}

extension AnswerDescription {
    var isTagged: Bool { if case .json(_, _, _, let isTagged) = self { isTagged } else { false } }
}

extension AccessRule {
    var name: String {
        switch self {
        case .open: "open"
        case .signedIn: "signed-in"
        case .person: "person"
        case .organization: "organization"
        case .project: "project"
        case .entity(_, let owner): owner.kind
        case .installation: "installation"
        }
    }
}
