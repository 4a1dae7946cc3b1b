package import EdisonCore
package import HTTPTypes

/// One route of the API, declared in one place: its address, who may use it, what it takes and what it answers. The
/// router, the check of access, the OpenAPI document and the tests that walk all routes are made from it.
package struct Endpoint: Sendable {
    package let method: HTTPRequest.Method
    package let path: PathTemplate
    /// One sentence in the third person: "Makes a project."
    package let summary: String
    /// The chapter of the reference.
    package let group: String
    package let access: AccessRule
    package let query: [QueryParameter]
    package let input: InputDescription
    package let status: HTTPResponse.Status
    package let answer: AnswerDescription
    /// Whether repeating it makes a second thing or spends again: then `Idempotency-Key` is kept.
    package let isRepeatable: Bool
    /// What it may answer beside what follows from its declaration, such as 402 or 502.
    package private(set) var failures: [HTTPResponse.Status] = []
    let handle: @Sendable (APIRequest) async throws -> Answer
}

extension Endpoint {
    /// The chapter of what is for people alone, and in no description of the API.
    package static let pages = "Pages"

    package var isPage: Bool { group == Self.pages }
}

/// What the body of a request may be.
package enum InputDescription: Sendable {
    case none
    case json(JSONObject)
    /// Bytes of one of these media types, up to a limit.
    case raw(types: [String], limit: Int)
}

extension Endpoint {
    /// Reads: no body, nothing is changed.
    package static func get<Output>(
        _ path: PathTemplate, _ summary: String, in group: String, _ access: AccessRule,
        query: [QueryParameter] = [], _ answer: AnswerKind<Output>,
        _ work: @escaping @Sendable (APIRequest) async throws -> Output
    ) -> Endpoint {
        Endpoint(
            method: .get, path: path, summary: summary, group: group, access: access, query: query, input: .none,
            status: answer.status, answer: answer.description, isRepeatable: true
        ) { answer.make(try await work($0)) }
    }

    /// Changes something, by a JSON body.
    package static func json<Body: RequestBody, Output>(
        _ method: HTTPRequest.Method, _ path: PathTemplate, _ summary: String, in group: String, _ access: AccessRule,
        query: [QueryParameter] = [], takes: Body.Type, _ answer: AnswerKind<Output>,
        _ work: @escaping @Sendable (APIRequest, Body) async throws -> Output
    ) -> Endpoint {
        Endpoint(
            method: method, path: path, summary: summary, group: group, access: access, query: query,
            input: .json(Body.schema), status: answer.status, answer: answer.description,
            isRepeatable: method != .post
        ) { request in
            // A body of which nothing is needed may be left out.
            let isAbsent = request.body.isEmpty && Body.schema["required"] == nil
            return answer.make(try await work(request, try Body.read(isAbsent ? [:] : try request.json())))
        }
    }

    /// Changes something, without a body.
    package static func action<Output>(
        _ method: HTTPRequest.Method, _ path: PathTemplate, _ summary: String, in group: String, _ access: AccessRule,
        query: [QueryParameter] = [], _ answer: AnswerKind<Output>,
        _ work: @escaping @Sendable (APIRequest) async throws -> Output
    ) -> Endpoint {
        Endpoint(
            method: method, path: path, summary: summary, group: group, access: access, query: query, input: .none,
            status: answer.status, answer: answer.description, isRepeatable: method != .post
        ) { answer.make(try await work($0)) }
    }

    /// Changes something, by bytes of some media type.
    package static func raw<Output>(
        _ method: HTTPRequest.Method, _ path: PathTemplate, _ summary: String, in group: String, _ access: AccessRule,
        query: [QueryParameter] = [], types: [String], limit: Int, _ answer: AnswerKind<Output>,
        _ work: @escaping @Sendable (APIRequest) async throws -> Output
    ) -> Endpoint {
        Endpoint(
            method: method, path: path, summary: summary, group: group, access: access, query: query,
            input: .raw(types: types, limit: limit), status: answer.status, answer: answer.description,
            isRepeatable: method != .post
        ) { answer.make(try await work($0)) }
    }
}

extension Endpoint {
    /// The same under a prefix: features know their paths, and not where the API stands.
    package func under(_ prefix: String) -> Endpoint {
        Endpoint(
            method: method, path: PathTemplate(prefix + path.text), summary: summary, group: group, access: access,
            query: query, input: input, status: status, answer: answer, isRepeatable: isRepeatable, failures: failures,
            handle: handle)
    }

    /// The same, which may also fail with these.
    package func failing(with statuses: HTTPResponse.Status...) -> Endpoint {
        var endpoint = self
        endpoint.failures += statuses
        return endpoint
    }
}
