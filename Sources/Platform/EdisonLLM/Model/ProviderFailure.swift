/// Why a provider gave no answer, in terms that retry, breaker, failover and people can act on.
package struct ProviderFailure: Error, Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case badRequest = "bad_request"
        case refusedKey = "refused_key"
        case notAllowed = "not_allowed"
        case unknownModel = "unknown_model"
        case tooLarge = "too_large"
        /// Too many requests: asking again later helps.
        case rateLimited = "rate_limited"
        /// No credit left: asking again does not help.
        case quotaExceeded = "quota_exceeded"
        case contentFiltered = "content_filtered"
        case serverError = "server_error"
        case overloaded
        case timeout
        case connection
        /// The stream ended or failed after it had begun.
        case cutStream = "cut_stream"
        /// The answer was not in the provider's format.
        case malformed
        case cancelled
    }

    /// The code where a provider cannot say its models: what it is asked with may work nevertheless.
    package static let noListing = "no_listing"

    package var kind: Kind
    /// The provider's own words, shortened, with no secret in them.
    package var message: String
    package var status: Int?
    /// The provider's own error code.
    package var code: String?
    /// What the provider calls the request in its own log, where it said so.
    package var requestID: String?
    /// What the provider asked us to wait.
    package var retryAfter: Duration?
    /// What was used before the failure, where the provider said so; nil = not known.
    package var usage: TokenUsage?

    package init(
        _ kind: Kind, _ message: String, status: Int? = nil, code: String? = nil, retryAfter: Duration? = nil,
        usage: TokenUsage? = nil
    ) {
        self.kind = kind
        self.message = message
        self.status = status
        self.code = code
        self.retryAfter = retryAfter
        self.usage = usage
    }

    /// Whether the same request may succeed later.
    package var isRetryable: Bool {
        switch kind {
        case .rateLimited, .serverError, .overloaded, .timeout, .connection, .cutStream, .malformed: true
        case .badRequest, .refusedKey, .notAllowed, .unknownModel, .tooLarge, .quotaExceeded, .contentFiltered,
            .cancelled:
            false
        }
    }
}

extension ProviderFailure: CustomStringConvertible {
    package var description: String { status.map { "\(message) (HTTP \($0))" } ?? message }
}
