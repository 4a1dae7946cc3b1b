/// A way in which a provider fails.
package enum Fault: String, Sendable, CaseIterable {
    case rateLimited = "rate_limited"
    case serverError = "server_error"
    case unavailable
    case overloaded
    /// No answer at all for some time, then 504.
    case timeOut = "time_out"
    /// A pause before each frame.
    case slowStream = "slow_stream"
    /// Any answer, whole or streamed, comes in small pieces with pauses between them.
    case slowAnswer = "slow_answer"
    /// The connection ends before a status.
    case dropped
    /// The connection ends in the middle of the answer.
    case cutStream = "cut_stream"
    /// A structured answer that is not JSON.
    case malformedAnswer = "malformed_json"
    /// A response whose body is not JSON.
    case malformedBody = "malformed_body"
    case emptyAnswer = "empty_answer"
    case refusedKey = "refused_key"
}

extension Fault {
    /// Where a rule does not say how long.
    var usualDuration: Duration {
        switch self {
        case .timeOut: .seconds(60)
        case .slowAnswer: .seconds(10)
        default: .milliseconds(200)
        }
    }
}
