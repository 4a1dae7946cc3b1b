package import EdisonCore
package import HTTPTypes

/// The one place where an error becomes an answer: RFC 9457, with the fields of `api.md`.
package struct Problem: Sendable {
    package let status: HTTPResponse.Status
    package let json: JSONValue
    package let retryAfter: Int?

    package init(_ error: any Error, requestID: String) {
        let known = Self.known(error)
        status = Self.status(of: known)
        let isPassing = status == .serviceUnavailable || status == .tooManyRequests
        retryAfter = (known.underlying as? RetryAfter)?.seconds ?? (isPassing ? 5 : nil)
        var json: JSONObject = [
            "type": .string("about:blank"), "title": .string(Self.title(known.code)),
            "status": .integer(Int64(status.code)), "detail": JSONValue(known.detail ?? known.message),
            "code": .string(known.code.rawValue), "error": .string(known.message),
            "issues": .array(
                known.issues.map { issue in
                    var entry: JSONObject = ["path": .string(issue.path), "message": .string(issue.message)]
                    if let line = issue.line { entry["line"] = .integer(Int64(line)) }
                    if let column = issue.column { entry["column"] = .integer(Int64(column)) }
                    return .object(entry)
                }),
            "request_id": .string(requestID),
        ]
        if let stale = known.underlying as? StaleState { json["current"] = stale.current }
        self.json = .object(json)
    }

    /// What no part of the program has put into words is ours, and says nothing of itself outside.
    private static func known(_ error: any Error) -> EdisonError {
        if error is CancellationError { return EdisonError(.unavailable, "The server is shutting down.") }
        guard let known = error as? EdisonError, known.code != .internal else {
            return EdisonError(
                .internal, "Something went wrong on our side.", detail: "The log has it under this request_id.",
                underlying: error)
        }
        return known
    }

    static func status(of error: EdisonError) -> HTTPResponse.Status {
        if let status = (error.underlying as? HTTPStatus)?.status { return status }
        if error.underlying is MethodNotAllowed { return .methodNotAllowed }
        switch error.code {
        case .invalid: return .unprocessableContent
        case .unauthenticated: return .unauthorized
        case .forbidden: return .forbidden
        case .notFound: return .notFound
        case .conflict: return .conflict
        case .gone: return .gone
        case .tooLarge: return .contentTooLarge
        case .limited: return .tooManyRequests
        case .budgetExceeded: return .paymentRequired
        case .upstream: return .badGateway
        case .unavailable: return .serviceUnavailable
        case .internal: return .internalServerError
        }
    }

    private static func title(_ code: EdisonError.Code) -> String {
        switch code {
        case .invalid: "The request cannot be used"
        case .unauthenticated: "Unauthorized"
        case .forbidden: "Not allowed"
        case .notFound: "Not found"
        case .conflict: "Conflict"
        case .gone: "No longer there"
        case .tooLarge: "Too large"
        case .limited: "Too many requests"
        case .budgetExceeded: "The budget is used up"
        case .upstream: "The provider failed"
        case .unavailable: "Not available at the moment"
        case .internal: "Internal error"
        }
    }

    /// Every answer with such a body.
    package static let schema: JSONObject = [
        "type": "object", "required": ["type", "title", "status", "detail", "code", "error", "issues", "request_id"],
        "properties": [
            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": ["string", "null"]],
            "code": ["type": "string", "enum": .array(EdisonError.Code.allCases.map { .string($0.rawValue) })],
            "error": ["type": "string", "description": "The short message."],
            "issues": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["path", "message"],
                    "properties": [
                        "path": ["type": "string", "description": "Such as rubric[1].weight."],
                        "message": ["type": "string"], "line": ["type": "integer"], "column": ["type": "integer"],
                    ],
                ],
            ],
            "request_id": ["type": "string"],
            "current": ["description": "After a change of what has changed meanwhile: its state now."],
        ],
    ]
}

extension HTTPResponse.Status {
    /// A budget cannot pay for it.
    package static let paymentRequired = HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required")
}

/// Under an `EdisonError`: after how many seconds to come again.
package struct RetryAfter: Error, Sendable {
    package let seconds: Int
    package init(seconds: Int) { self.seconds = seconds }
}

/// Under an `EdisonError`: a status that its code alone does not give, such as 400 for what is no JSON.
package struct HTTPStatus: Error, Sendable {
    package let status: HTTPResponse.Status
    package init(_ status: HTTPResponse.Status) { self.status = status }
}
