package import EdisonCore
package import HTTPTypes
package import Hummingbird

/// A request that has been let in: whoever handles it need not ask who may.
package struct APIRequest: Sendable {
    package let id: String
    package let method: HTTPRequest.Method
    package let path: String
    package let principal: Principal
    /// Where it acts; nil where the rule of access names no place.
    let place: Place?
    let parameters: [String: String]
    let queryItems: [String: String]
    package let headers: HTTPFields
    package let body: [UInt8]
    /// What a stream watches: whether whoever reads it is still there.
    package let connection: RequestBodyStream?
    /// Asks once more whether the caller may do this, for an answer that takes long; throws when that has ended.
    package let isStillAllowed: @Sendable () async throws -> Void
    /// The address that it came from, or that a trusted proxy names.
    package let remoteAddress: String

    /// Of the organisation or project that the access was checked for.
    package func requirePlace() throws -> Place {
        guard let place else { throw EdisonError(.internal, "The endpoint \(path) names no place.") }
        return place
    }

    package func requireOrganization() throws -> OrganizationID {
        guard let organization = try requirePlace().organization else {
            throw EdisonError(.internal, "The endpoint \(path) names no organization.")
        }
        return organization
    }

    package func requireProject() throws -> ProjectID {
        guard let project = try requirePlace().project else {
            throw EdisonError(.internal, "The endpoint \(path) names no project.")
        }
        return project
    }

    package func requireUser() throws -> UserID {
        guard let user = principal.user else { throw EdisonError(.unauthenticated, "Unauthorized") }
        return user
    }

    /// A name in the path.
    package func parameter(_ name: String) throws -> String {
        guard let value = parameters[name] else {
            throw EdisonError(.internal, "The endpoint has no parameter \(name).")
        }
        return value
    }

    package func id<Entity>(_ name: String = "id", of: Entity.Type = Entity.self) throws -> ID<Entity> {
        ID(try parameter(name))
    }

    /// A parameter of the query; nil when it is absent.
    package func query<Value>(_ name: String, _ type: FieldType<Value>) throws -> Value? {
        guard let text = queryItems[name] else { return nil }
        var issues: [FieldIssue] = []
        let kind = type.schema["type"]?.string
        let json: JSONValue =
            switch kind {
            case "integer", "number", "boolean": (try? JSONValue(parsing: text)) ?? .string(text)
            default: .string(text)
            }
        guard let value = type.read(json, name, &issues) else {
            throw EdisonError(.invalid, "The query has a fault.", issues: issues)
        }
        return value
    }

    package func page() throws -> PageRequest {
        PageRequest(
            limit: try query("limit", .integer(1...PageRequest.maximumLimit)) ?? PageRequest.standardLimit,
            after: try query("cursor", .cursor))
    }

    package func json() throws -> JSONValue {
        do { return try JSONValue(parsing: body) } catch {
            throw EdisonError(
                .invalid, "The body is no JSON.", detail: "\(error)", underlying: HTTPStatus(.badRequest))
        }
    }
}
