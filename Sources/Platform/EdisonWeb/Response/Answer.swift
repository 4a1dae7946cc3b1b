package import EdisonCore
package import HTTPTypes
package import Hummingbird

/// What an endpoint answers.
package struct Answer: Sendable {
    package enum Body: Sendable {
        case none
        case json(JSONValue)
        /// Bytes that are there already, with their media type.
        case bytes([UInt8], type: String)
        /// Bytes that come while they are sent, with their media type.
        case stream(ResponseBody, type: String)
    }

    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: Body

    package init(_ status: HTTPResponse.Status = .ok, _ body: Body = .none, headers: HTTPFields = [:]) {
        self.status = status
        self.body = body
        self.headers = headers
    }

    package static func json(_ value: JSONValue, _ status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status, .json(value))
    }
}
