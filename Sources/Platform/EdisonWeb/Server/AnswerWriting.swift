import EdisonCore
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns answers and errors into what goes over the wire.
struct AnswerWriting: Sendable {
    let log: Logger

    /// - Parameter page: shows the problem to people; nil: it is told to a program.
    func refusal(_ error: any Error, id: String, page: APIService.ErrorPage? = nil) -> Answer {
        let problem = Problem(error, requestID: id)
        if problem.status.code >= 500 {
            log.error("failed", metadata: ["request_id": "\(id)", "error": "\(LoggedError(error))"])
        }
        var headers: HTTPFields = [:]
        if let seconds = problem.retryAfter { headers[.retryAfter] = "\(seconds)" }
        if problem.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        let cause = (error as? EdisonError)?.underlying
        if let methods = cause as? MethodNotAllowed { headers[.allow] = methods.methods }
        if let stale = cause as? StaleState { headers[.eTag] = stale.tag.text }
        // Nothing that follows on the connection could be told from the rest of this request.
        if cause is BodyLeftUnread || [.requestTimeout, .requestHeaderFieldsTooLarge].contains(problem.status) {
            headers[.connection] = "close"
        }
        if problem.status == .upgradeRequired { headers[.upgrade] = "websocket" }
        if let page, var shown = try? page(problem) {
            for field in headers { shown.headers[field.name] = field.value }
            return shown
        }
        return Answer(
            problem.status, .bytes(Array((problem.json.text() + "\n").utf8), type: "application/problem+json"),
            headers: headers)
    }

    /// 304 when the caller has it already.
    static func conditional(_ answer: Answer, _ request: Request) -> Answer {
        guard let tag = answer.headers[.eTag], request.method == .get || request.method == .head,
            let known = request.headers[.ifNoneMatch], EntityTag(stored: tag).isIn(known)
        else { return answer }
        return Answer(.notModified, headers: answer.headers)
    }

    static func response(_ answer: Answer, isHead: Bool) -> Response {
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
        let response = Response(status: answer.status, headers: headers, body: body)
        return isHead ? response.createHeadResponse() : response
    }
}

/// Under an `EdisonError`: the path is there, and takes only these methods.
struct MethodNotAllowed: Error, Sendable {
    let methods: String
}
