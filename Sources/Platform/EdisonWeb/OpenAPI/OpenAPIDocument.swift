package import EdisonCore
import HTTPTypes

/// The description of the API for programs, OpenAPI 3.1, made from the declarations that the router works by.
package struct OpenAPIDocument: Sendable {
    package let json: JSONValue
    /// Names that two different shapes have: one of them must be renamed.
    package let conflicts: [String]

    package init(_ endpoints: [Endpoint]) {
        var catalog = SchemaCatalog()
        catalog.add(NamedSchema(name: "Problem", schema: Problem.schema))
        var paths = JSONObject()
        for endpoint in endpoints {
            if case .json(let name, let schema, let parts, _) = endpoint.answer {
                if let name { catalog.add(NamedSchema(name: name, schema: schema)) }
                for part in parts { catalog.add(part) }
            }
            var path = paths[endpoint.path.text]?.object ?? JSONObject()
            path[endpoint.method.rawValue.lowercased()] = .object(OpenAPIOperation(endpoint).json)
            paths[endpoint.path.text] = .object(path)
        }
        conflicts = catalog.conflicts
        var groups: [String] = []
        for endpoint in endpoints where !groups.contains(endpoint.group) { groups.append(endpoint.group) }
        json = [
            "openapi": "3.1.0",
            "info": [
                "title": "Edison", "version": "1",
                "description": .string(APIConventions.all.map(\.text).joined(separator: "\n\n")),
            ],
            "servers": [["url": "/"]],
            "tags": .array(groups.map { ["name": .string($0)] }),
            "paths": .object(paths),
            "components": [
                "schemas": .object(catalog.sorted), "responses": .object(OpenAPIResponse.components),
                "securitySchemes": .object(Self.security),
            ],
        ]
    }

    private static let security: JSONObject = [
        "token": [
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "An access token, from logging in; it holds for 15 minutes.",
        ],
        "key": ["type": "http", "scheme": "bearer", "description": "An API key: edk_…"],
        "cookie": [
            "type": "apiKey", "in": "cookie", "name": .string(Credentials.cookieName),
            "description": "Of a page. Changes also need its token, as X-CSRF-Token.",
        ],
    ]
}
