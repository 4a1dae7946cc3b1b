import EdisonCore
import HTTPTypes

/// The errors that endpoints answer, each described once.
enum OpenAPIResponse {
    private static let known: [(Int, name: String, about: String)] = [
        (400, "Malformed", "The request cannot be read."),
        (401, "Unauthorized", "Nobody is known by what was sent."),
        (402, "BudgetExceeded", "The budget is used up."),
        (403, "Forbidden", "The caller may not do this."),
        (404, "NotFound", "There is none, or the caller has no part in it."),
        (408, "TooSlow", "The body came too slowly."),
        (409, "Conflict", "It does not fit what is there, such as a stale If-Match or a name that is taken."),
        (410, "Gone", "It is no longer there."),
        (413, "TooLarge", "The body is too large."),
        (415, "WrongMediaType", "The body is of a media type that is not read here."),
        (422, "Invalid", "Fields of the request have faults, which issues name."),
        (429, "TooMany", "The caller asks too often; Retry-After says when to come again."),
        (431, "HeadTooLarge", "The address and the headers together are too large."),
        (502, "ProviderFailed", "A provider did not do its part."),
        (503, "Unavailable", "Not possible at the moment; Retry-After says when to come again."),
    ]

    static var components: JSONObject {
        var components = JSONObject()
        for (status, name, about) in known {
            components[name] = .object(response(about, waits: [429, 503].contains(status)))
        }
        components["Other"] = .object(response("Something else went wrong.", waits: false))
        return components
    }

    private static func response(_ about: String, waits: Bool) -> JSONObject {
        var response: JSONObject = [
            "description": .string(about),
            "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
        ]
        if waits {
            response["headers"] = [
                "Retry-After": ["description": "Seconds.", "schema": ["type": "string", "pattern": "^[0-9]+$"]]
            ]
        }
        return response
    }

    /// - Parameter status: nil, and one without a description of its own: any other.
    static func reference(_ status: Int?) -> JSONObject {
        let name = known.first { $0.0 == status }?.name ?? "Other"
        return ["$ref": .string("#/components/responses/\(name)")]
    }

    /// What follows from the declaration of an endpoint, and what it says of itself.
    static func failures(of endpoint: Endpoint) -> [HTTPResponse.Status] {
        var statuses: Set<Int> = [400, 401, 429, 431, 503]
        let changes = endpoint.method != .get
        if changes { statuses.formUnion([403, 409, 422]) }
        if endpoint.refusesUnknownQuery || !endpoint.query.isEmpty { statuses.insert(422) }
        if case .open = endpoint.access {} else { statuses.insert(403) }
        if endpoint.access.permission != nil || !endpoint.path.parameters.isEmpty { statuses.insert(404) }
        // A slug may name projects of several organizations.
        if case .project = endpoint.access { statuses.insert(409) }
        switch endpoint.input {
        case .none: statuses.insert(413)
        case .json, .raw: statuses.formUnion([404, 408, 413, 415])
        }
        statuses.formUnion(endpoint.failures.map(\.code))
        statuses.remove(endpoint.status.code)
        return statuses.sorted().map { HTTPResponse.Status(code: $0) }
    }
}
