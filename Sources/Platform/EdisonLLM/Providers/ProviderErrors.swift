import EdisonCore
import Foundation

/// Says what an error of a provider means for who has to decide about a retry.
enum ProviderErrors {
    static func failure(_ response: HTTPTransport.Response, now: Date = Date()) -> ProviderFailure {
        let text = String(decoding: response.body.prefix(1 << 16), as: UTF8.self)
        var error = ErrorBody(text: text)
        // `ThrottlingException:http://…`
        if let type = response.headers["x-amzn-errortype"]?.split(separator: ":").first.map(String.init) {
            error.code = type
            error.words += " " + type.lowercased()
        }
        // An error that says what it used is billed at that: the call settles at it.
        let used = (try? JSONValue(parsing: text))?["usage"]
        var failure = ProviderFailure(
            kind(response.status, error), error.message, status: response.status, code: error.code,
            usage: OpenAIFormat.usage(used) ?? AnthropicFormat.usage(used))
        failure.requestID = response.headers.requestID
        if (300..<400).contains(response.status), let place = response.headers["location"] {
            failure.message = "the server redirects to \(place); give that as the base URL"
        }
        if response.status == 429, response.headers["x-should-retry"] == "false" { failure.kind = .quotaExceeded }
        if failure.isRetryable {
            failure.retryAfter =
                retryAfter(response.headers, now: now) ?? error.delay.flatMap { ResetTime.parse($0, now: now) }
        }
        return failure
    }

    /// An error inside an answer of status 200.
    static func failure(in error: ErrorBody) -> ProviderFailure {
        let status = (error.status ?? error.code.flatMap { Int($0) }).flatMap { (400..<600).contains($0) ? $0 : nil }
        var failure = ProviderFailure(
            kind(status ?? 500, error), error.message, status: status, code: error.code)
        if failure.isRetryable { failure.retryAfter = error.delay.flatMap { ResetTime.parse($0, now: Date()) } }
        return failure
    }

    /// An error inside a stream: what was sent is lost, unless it says that asking again doesn't help.
    static func failure(inStream error: ErrorBody, usage: TokenUsage?) -> ProviderFailure {
        var failure = failure(in: error)
        if [.serverError, .overloaded, .timeout].contains(failure.kind) { failure.kind = .cutStream }
        failure.usage = usage
        return failure
    }

    private static let kindsByWord: [(words: [String], kind: ProviderFailure.Kind)] = [
        // Google ends the names of its limits so; the day's is not over in a moment.
        (["insufficient_quota", "spend_limit", "billing", "perday"], .quotaExceeded),
        // A wrong key is a 400 at Google and a 403 at AWS.
        (
            ["api_key_invalid", "unrecognizedclient", "invalidsignature", "expiredtoken", "incompletesignature"],
            .refusedKey
        ),
        (["content_filter", "content_policy", "responsibleaipolicy"], .contentFiltered),
        (["context_length", "request_too_large"], .tooLarge),
    ]
    /// These count only where the status says nothing: in an answer of status 200.
    private static let kindsByType: [(words: [String], kind: ProviderFailure.Kind)] = [
        (["rate_limit", "throttling"], .rateLimited), (["overloaded", "unavailable"], .overloaded),
        (["timeout"], .timeout), (["validationexception"], .badRequest),
        (["authentication", "invalid_api_key"], .refusedKey), (["permission"], .notAllowed),
        (["not_found"], .unknownModel), (["invalid_request", "badrequest"], .badRequest),
    ]
    /// A 400 whose text alone says that the prompt is too long.
    private static let lengthWords = [
        "prompt is too long", "maximum context length", "context window", "context size", "input is too long",
        "exceeds the maximum number of tokens",
    ]

    private static func kind(_ status: Int, _ error: ErrorBody) -> ProviderFailure.Kind {
        let byWord = kindsByWord + (status == 500 ? kindsByType : [])
        if let match = byWord.first(where: { $0.words.contains { error.words.contains($0) } }) { return match.kind }
        switch status {
        case 400, 422:
            let text = error.message.lowercased()
            return lengthWords.contains { text.contains($0) } ? .tooLarge : .badRequest
        case 401: return .refusedKey
        case 402: return .quotaExceeded
        case 403: return .notAllowed
        case 404: return .unknownModel
        case 408, 504: return .timeout
        case 409: return .serverError
        case 413: return .tooLarge
        // Bedrock: the model failed.
        case 424: return .serverError
        case 429: return .rateLimited
        // 498 is Groq's word for a flexible tier without capacity.
        case 498, 503, 529: return .overloaded
        case 500...: return .serverError
        default: return .badRequest
        }
    }

    /// `retry-after-ms`, else `retry-after` in seconds or as a date, else the time until a used-up limit is back.
    static func retryAfter(_ headers: HTTPHeaderFields, now: Date) -> Duration? {
        if let milliseconds = headers["retry-after-ms"].flatMap(Double.init) {
            return ResetTime.parse(String(milliseconds / 1000), now: now)
        }
        return headers["retry-after"].flatMap { ResetTime.parse($0, now: now) }
            ?? RateLimitObservation(headers, now: now)?.wait
    }
}
