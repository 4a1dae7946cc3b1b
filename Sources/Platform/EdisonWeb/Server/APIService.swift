package import EdisonCore
import Foundation
package import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore

/// Answers each request: finds its endpoint, lets the caller in or not, reads what it brings, and turns whatever goes
/// wrong into a problem that says what to do. The order of the steps is the order of `respond`.
package struct APIService: HTTPResponder {
    package typealias Context = APIConnection

    private let routes: RouteTable
    private let access: any AccessControl
    private let settings: WebSettings
    private let repeats: RepeatedRequests
    private let log: Logger
    private let meter: RequestMeter
    private let rate = RequestRate()
    private let headers: AnswerHeaders

    package init(
        routes: RouteTable, access: any AccessControl, settings: WebSettings, repeats: RepeatedRequests,
        meter: RequestMeter, log: Logger
    ) {
        self.routes = routes
        self.access = access
        self.settings = settings
        self.repeats = repeats
        self.meter = meter
        self.log = log
        headers = AnswerHeaders(settings: settings)
    }

    package func respond(to request: Request, context: APIConnection) async throws -> Response {
        let began = ContinuousClock.now
        let id = RequestID.of(request.headers)
        let origin = request.headers[.origin]
        if let preflight = headers.preflight(request.method, request.headers) {
            var fields = preflight
            headers.add(to: &fields, requestID: id, origin: nil)
            return Response(status: .noContent, headers: fields)
        }
        var route = "-"
        var answer: Answer
        do {
            answer = try await self.answer(request, context, id: id, route: &route)
            if answer.status.kind == .successful { answer = Self.conditional(answer, request) }
        } catch {
            answer = refusal(error, request, id: id)
        }
        headers.add(to: &answer.headers, requestID: id, origin: origin)
        let took = began.duration(to: .now)
        meter.count(method: request.method, route: route, status: answer.status.code, took: took)
        log.info(
            "request",
            metadata: [
                "request_id": "\(id)", "method": "\(request.method)", "route": "\(route)",
                "status": "\(answer.status.code)", "duration_us": "\(Int(took / .microseconds(1)))",
            ])
        return Self.response(answer, isHead: request.method == .head)
    }

    private func answer(
        _ request: Request, _ context: APIConnection, id: String, route: inout String
    ) async throws -> Answer {
        guard let target = RequestTarget(request.uri) else {
            throw EdisonError(.invalid, "The address is malformed.", underlying: HTTPStatus(.badRequest))
        }
        let address = remoteAddress(request, context)
        let credentials = Credentials(request.method, request.headers)
        let principal = try await access.principal(of: credentials)
        let standing = try admitted(principal, address)
        let endpoint: Endpoint
        let parameters: [String: String]
        switch routes.find(request.method, target.segments) {
        case .endpoint(let found, let values): (endpoint, parameters) = (found, values)
        case .otherMethods(let methods):
            let list = methods.map { $0.rawValue }.joined(separator: ", ")
            throw EdisonError(
                .invalid, "\(request.method.rawValue) is not possible here.", detail: "Possible is \(list).",
                underlying: MethodNotAllowed(methods: list))
        case .nothing:
            throw EdisonError(.notFound, "There is nothing at this address.")
        }
        route = endpoint.path.text
        let place = try await admit(principal, to: endpoint, parameters)
        let body = try await body(of: request, for: endpoint)
        let call = APIRequest(
            id: id, method: request.method, path: request.uri.path, principal: principal, place: place,
            parameters: parameters, queryItems: target.query, headers: request.headers, body: body,
            connection: RequestBodyStream(context.channel), remoteAddress: address)
        var answer = try await repeats.once(call, endpoint) { try await endpoint.handle(call) }
        if let standing { Self.tell(standing, in: &answer.headers) }
        return answer
    }

    // MARK: Letting in

    private func admitted(_ principal: Principal, _ address: String) throws -> RequestRate.Standing? {
        let limit = principal == .anonymous ? settings.anonymousRequestsPerMinute : settings.requestsPerMinute
        guard let limit else { return nil }
        let standing = rate.take(principal.name ?? "address \(address)", limit: limit)
        guard let wait = standing.retryAfter else { return standing }
        throw EdisonError(
            .limited, "Too many requests: \(limit) a minute are possible.", detail: "Try again in \(wait) s.",
            underlying: RetryAfter(seconds: wait))
    }

    private static func tell(_ standing: RequestRate.Standing, in headers: inout HTTPFields) {
        headers[HTTPField.Name("RateLimit-Limit")!] = "\(standing.limit)"
        headers[HTTPField.Name("RateLimit-Remaining")!] = "\(standing.remaining)"
        headers[HTTPField.Name("RateLimit-Reset")!] = "\(standing.reset)"
    }

    private func admit(
        _ principal: Principal, to endpoint: Endpoint, _ parameters: [String: String]
    ) async throws -> Place? {
        func require(_ name: String) throws -> String {
            guard let value = parameters[name] else {
                throw EdisonError(.internal, "The path \(endpoint.path) has no {\(name)} for its rule of access.")
            }
            return value
        }
        let target: AccessTarget
        switch endpoint.access {
        case .open: return nil
        case .signedIn, .person:
            if principal == .anonymous { throw Self.unauthorized }
            if case .key = principal, case .person = endpoint.access {
                throw EdisonError(.forbidden, "Only a person can do this, and no API key.")
            }
            return nil
        case .organization: target = .organization(try require("organization"))
        case .project: target = .project(try require("project"))
        case .entity(_, let owner): target = .entity(owner, id: try require("id"))
        case .installation: target = .installation
        }
        guard let permission = endpoint.access.permission, principal != .anonymous else { throw Self.unauthorized }
        guard let place = try await access.place(of: target, for: principal) else {
            throw EdisonError(.notFound, "There is no such \(Self.kind(target)).")
        }
        let isAllowed: Bool
        switch principal {
        case .key(let key): isAllowed = key.allows(permission) && place.role >= permission.role
        default: isAllowed = place.role >= permission.role
        }
        guard isAllowed else {
            throw EdisonError(
                .forbidden, "You may not do this here.",
                detail: "It needs the permission \(permission), which the role \(permission.role.rawValue) has.")
        }
        return place
    }

    private static func kind(_ target: AccessTarget) -> String {
        switch target {
        case .organization: "organization"
        case .project: "project"
        case .entity(let owner, _): owner.kind
        case .installation: "page"
        }
    }

    private static var unauthorized: EdisonError {
        EdisonError(
            .unauthenticated, "Unauthorized",
            detail: "Send an access token or an API key: Authorization: Bearer …")
    }

    // MARK: Reading and writing

    private func body(of request: Request, for endpoint: Endpoint) async throws -> [UInt8] {
        let limit: Int
        switch endpoint.input {
        case .none: limit = 64 << 10
        case .json: limit = settings.bodyLimit
        case .raw(_, let own): limit = own
        }
        let body: [UInt8]
        do { body = [UInt8](buffer: try await request.body.collect(upTo: limit)) } catch is NIOTooManyBytesError {
            throw EdisonError(.tooLarge, "The body is larger than \(limit) bytes, the most that this address takes.")
        }
        if !body.isEmpty { try endpoint.input.check(request.headers[.contentType]) }
        return body
    }

    private func remoteAddress(_ request: Request, _ context: APIConnection) -> String {
        guard settings.trustsProxy, let forwarded = request.headers[HTTPField.Name("X-Forwarded-For")!] else {
            return context.address
        }
        // The last entry is the one that our own proxy wrote.
        return forwarded.split(separator: ",").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? context.address
    }

    private func refusal(_ error: any Error, _ request: Request, id: String) -> Answer {
        let problem = Problem(error, requestID: id)
        if problem.status.code >= 500 {
            log.error("failed", metadata: ["request_id": "\(id)", "error": "\(LoggedError(error))"])
        }
        var headers: HTTPFields = [:]
        if let seconds = problem.retryAfter { headers[.retryAfter] = "\(seconds)" }
        if problem.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        var status = problem.status
        if let methods = (error as? EdisonError)?.underlying as? MethodNotAllowed {
            headers[.allow] = methods.methods
            status = .methodNotAllowed
        }
        let json = status == problem.status ? problem.json : problem.json(with: status)
        return Answer(
            status, .bytes(Array((json.text() + "\n").utf8), type: "application/problem+json"), headers: headers)
    }

    /// 304 when the caller has it already.
    private static func conditional(_ answer: Answer, _ request: Request) -> Answer {
        guard let tag = answer.headers[.eTag], request.method == .get || request.method == .head,
            let known = request.headers[.ifNoneMatch],
            known.split(separator: ",").contains(where: { $0.trimmingCharacters(in: .whitespaces) == tag })
        else { return answer }
        return Answer(.notModified, headers: answer.headers)
    }

    private static func response(_ answer: Answer, isHead: Bool) -> Response {
        var headers = answer.headers
        let body: ResponseBody
        switch answer.body {
        case .none: body = ResponseBody()
        case .json(let json):
            headers[.contentType] = "application/json"
            body = ResponseBody(byteBuffer: ByteBuffer(string: json.text() + "\n"))
        case .bytes(let bytes, let type):
            headers[.contentType] = type
            body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        case .stream(let stream, let type):
            headers[.contentType] = type
            body = stream
        }
        return isHead
            ? Response(status: answer.status, headers: headers, body: body).createHeadResponse()
            : Response(status: answer.status, headers: headers, body: body)
    }
}

/// Under an `EdisonError`: the path is there, and takes only these methods.
struct MethodNotAllowed: Error, Sendable {
    let methods: String
}
