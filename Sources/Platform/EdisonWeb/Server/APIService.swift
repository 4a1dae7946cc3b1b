import EdisonCore
import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore
import NIOHTTP1

/// Answers each request: finds its endpoint, lets the caller in or not, reads what it brings, and turns whatever goes
/// wrong into a problem that says what to do. The order of the steps is the order of `answer`.
package struct APIService: HTTPResponder {
    package typealias Context = APIConnection

    let routes: RouteTable
    let sockets: SocketTable
    let admission: Admission
    let settings: WebSettings
    private let reading: RequestReading
    private let writing: AnswerWriting
    private let repeats: RepeatedRequests
    private let log: Logger
    private let meter: RequestMeter
    private let headers: AnswerHeaders
    /// What people are shown in place of a problem in JSON; nil: there are no pages.
    private let errorPage: ErrorPage?

    package typealias ErrorPage = @Sendable (Problem) throws -> Answer

    package init(
        routes: RouteTable, sockets: SocketTable = SocketTable(), access: any AccessControl, settings: WebSettings,
        repeats: RepeatedRequests, meter: RequestMeter, log: Logger, errorPage: ErrorPage? = nil
    ) {
        self.routes = routes
        self.sockets = sockets
        self.settings = settings
        self.repeats = repeats
        self.meter = meter
        self.log = log
        self.errorPage = errorPage
        admission = Admission(access: access, settings: settings)
        reading = RequestReading(settings: settings)
        writing = AnswerWriting(log: log)
        headers = AnswerHeaders(settings: settings)
    }

    /// What is found out about a request on its way, and told or counted whatever becomes of it.
    private struct Course {
        var route = "-"
        var standing: RequestRate.Standing?
    }

    package func respond(to request: Request, context: APIConnection) async throws -> Response {
        let began = ContinuousClock.now
        let id = RequestID.of(request.headers)
        if let preflight = headers.preflight(request.method, request.headers) {
            var fields = preflight
            headers.add(to: &fields, requestID: id, origin: nil)
            return Response(status: .noContent, headers: fields)
        }
        var course = Course()
        var answer: Answer
        do {
            answer = try await self.answer(request, context, id: id, &course)
            if answer.status.kind == .successful { answer = AnswerWriting.conditional(answer, request) }
        } catch {
            answer = writing.refusal(error, id: id, page: isForPeople(request) ? errorPage : nil)
        }
        course.standing?.tell(in: &answer.headers)
        headers.add(to: &answer.headers, requestID: id, origin: request.headers[.origin])
        let took = began.duration(to: .now)
        meter.count(method: request.method, route: course.route, status: answer.status.code, took: took)
        log.info(
            "request",
            metadata: [
                "request_id": "\(id)", "method": "\(request.method)", "route": "\(course.route)",
                "status": "\(answer.status.code)", "duration_us": "\(Int(took / .microseconds(1)))",
            ])
        return AnswerWriting.response(answer, isHead: request.method == .head)
    }

    /// A browser that was led to an address, outside the API; programs and scripts read problems.
    private func isForPeople(_ request: Request) -> Bool {
        guard [.get, .head].contains(request.method), !request.uri.path.hasPrefix("/api/") else { return false }
        let accepted = (request.headers[.accept] ?? "").lowercased()
        return accepted.contains("text/html") && request.headers[.authorization] == nil
    }

    private func answer(
        _ request: Request, _ context: APIConnection, id: String, _ course: inout Course
    ) async throws -> Answer {
        guard let target = RequestTarget(request.uri) else { throw Self.malformed }
        let address = reading.remoteAddress(request.headers, context.address)
        let credentials = Credentials(request.method, request.headers)
        let principal = try await admission.principal(credentials, address, standing: &course.standing)
        let endpoint: Endpoint
        let parameters: [String: String]
        switch routes.find(request.method, target.segments, asksForJSON: credentials.asksForJSON(request.headers)) {
        case .endpoint(let found, let values): (endpoint, parameters) = (found, values)
        case .otherMethods(let methods) where request.method == .options:
            return Answer(.noContent, headers: [.allow: methods.map(\.rawValue).joined(separator: ", ")])
        case .otherMethods(let methods): throw Self.notAllowed(request.method, methods)
        case .nothing: throw try await nothing(at: target, principal, request.head, &course.standing)
        }
        course.route = endpoint.path.text
        let place = try await admission.admit(
            principal, under: endpoint.access, endpoint.path, parameters, standing: &course.standing)
        try endpoint.requireKnown(target.query)
        let body = try await reading.body(of: request, for: endpoint)
        let call = APIRequest(
            id: id, method: request.method, path: request.uri.path, principal: principal, place: place,
            parameters: parameters, queryItems: target.query, headers: request.headers, body: body,
            connection: RequestBodyStream(context.channel),
            isStillAllowed: { [admission] in
                try await admission.renew(credentials, under: endpoint.access, endpoint.path, parameters)
            }, remoteAddress: address)
        return try await repeats.once(call, endpoint) { try await endpoint.handle(call) }
    }

    static var malformed: EdisonError {
        EdisonError(.invalid, "The address is malformed.", underlying: HTTPStatus(.badRequest))
    }

    private static func notAllowed(_ method: HTTPRequest.Method, _ methods: [HTTPRequest.Method]) -> EdisonError {
        let list = methods.map { $0.rawValue }.joined(separator: ", ")
        return EdisonError(
            .invalid, "\(method.rawValue) is not possible here.", detail: "Possible is \(list).",
            underlying: MethodNotAllowed(methods: list))
    }
}
