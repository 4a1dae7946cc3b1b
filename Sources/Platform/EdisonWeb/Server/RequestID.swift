import EdisonCore
import HTTPTypes

/// Names a request in answers and logs: the caller's own name for it where it has a plain one, else a new one.
enum RequestID {
    static let header = HTTPField.Name("X-Request-ID")!

    static func of(_ headers: HTTPFields) -> String {
        if let given = headers[header], given.wholeMatch(of: /[A-Za-z0-9._\-]{8,100}/) != nil { return given }
        return IDSource.random.next(APIRequest.self).text
    }
}
