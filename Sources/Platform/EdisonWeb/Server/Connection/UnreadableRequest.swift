import EdisonCore
import HTTPTypes
import NIOHTTP1

/// What is said to a request whose head is no HTTP, or too large to be read.
enum UnreadableRequest {
    static func error(for cause: any Error) -> EdisonError {
        if case .headerOverflow? = cause as? HTTPParserError {
            return EdisonError(
                .tooLarge, "The head of the request is too large.", underlying: HTTPStatus(.requestHeaderFieldsTooLarge)
            )
        }
        return EdisonError(.invalid, "The request is no HTTP that can be read.", underlying: HTTPStatus(.badRequest))
    }

    static func answer(to cause: any Error) -> (head: HTTPResponse, body: [UInt8]) {
        let id = IDSource.random.next(APIRequest.self).text
        let problem = Problem(error(for: cause), requestID: id)
        let body = Array((problem.json.text() + "\n").utf8)
        let head = HTTPResponse(
            status: problem.status,
            headerFields: [
                .contentType: "application/problem+json", .contentLength: "\(body.count)", .connection: "close",
                RequestID.header: id,
            ])
        return (head, body)
    }
}
