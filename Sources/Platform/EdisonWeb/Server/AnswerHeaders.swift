import EdisonCore
import HTTPTypes

/// Headers that every answer carries.
struct AnswerHeaders: Sendable {
    let settings: WebSettings

    func add(to headers: inout HTTPFields, requestID: String, origin: String?) {
        headers[RequestID.header] = requestID
        headers[.xContentTypeOptions] = "nosniff"
        headers[Self.framing] = "DENY"
        headers[Self.referrers] = "no-referrer"
        headers[Self.isolation] = "same-origin"
        if headers[.contentSecurityPolicy] == nil {
            headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
        if settings.isSecure { headers[.strictTransportSecurity] = "max-age=31536000; includeSubDomains" }
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        guard let origin, settings.allowedOrigins.contains(origin) else { return }
        headers[.accessControlAllowOrigin] = origin
        headers[.accessControlExposeHeaders] =
            "ETag, X-Request-ID, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Location"
        headers[.vary] = "Origin"
    }

    /// What a browser asks before it lets a page of another origin call; nil = it is not that question.
    func preflight(_ method: HTTPRequest.Method, _ headers: HTTPFields) -> HTTPFields? {
        guard method == .options, let origin = headers[.origin], headers[.accessControlRequestMethod] != nil else {
            return nil
        }
        guard settings.allowedOrigins.contains(origin) else { return [:] }
        return [
            .accessControlAllowOrigin: origin, .vary: "Origin",
            .accessControlAllowMethods: "GET, POST, PUT, PATCH, DELETE",
            .accessControlAllowHeaders:
                "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-ID",
            .accessControlMaxAge: "600",
        ]
    }

    private static let framing = HTTPField.Name("X-Frame-Options")!
    private static let referrers = HTTPField.Name("Referrer-Policy")!
    private static let isolation = HTTPField.Name("Cross-Origin-Resource-Policy")!
}
