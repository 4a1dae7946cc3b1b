import EdisonCore
import Foundation
import Testing

@testable import EdisonLLM

/// The shapes of errors, and how long they ask us to wait.
@Suite struct WireErrorTests {
    static let shapes: [(body: String, message: String, code: String?)] = [
        (#"{"error":{"message":"m","type":"t","code":"c"}}"#, "m", "c"),
        (#"{"error":{"message":"m","code":429}}"#, "m", "429"),
        (#"{"error":{"message":"m","type":"t","code":null}}"#, "m", "t"),
        (#"{"error":"m"}"#, "m", nil),
        (#"{"object":"error","message":"m","type":"BadRequestError","code":400}"#, "m", "400"),
        (#"{"detail":"m"}"#, "m", nil),
        (#"{"detail":[{"loc":["body","model"],"msg":"field required"}]}"#, "body.model: field required", nil),
        (#"{"message":"m"}"#, "m", nil),
        (#"{"statusCode":401,"message":"m"}"#, "m", nil),
        (#"{"type":"error","error":{"type":"t","message":"m"}}"#, "m", "t"),
        (#"{"error":{"message":"m","code":"tool_use_failed","failed_generation":"<f>"}}"#, "m: <f>", "tool_use_failed"),
        (
            "<html><head><title>502 Bad Gateway</title></head></html>",
            "a web page instead of an answer: 502 Bad Gateway", nil
        ),
        ("upstream connect error", "upstream connect error", nil),
        ("", "no message", nil),
    ]

    @Test("the message and the code are found in every shape", arguments: shapes.indices)
    func shape(index: Int) {
        let (body, message, code) = Self.shapes[index]
        let error = ErrorBody(text: body)
        #expect(error.message == message)
        #expect(error.code == code)
    }

    @Test("a field that says there was no error is none", arguments: ["null", "\"\"", "{}", "false"])
    func noError(text: String) throws {
        #expect(ErrorBody(in: try JSONValue(parsing: "{\"error\":\(text),\"choices\":[]}")) == nil)
    }

    static let meanings: [(status: Int, body: String, kind: ProviderFailure.Kind)] = [
        (400, #"{"error":{"message":"m","code":"context_length_exceeded"}}"#, .tooLarge),
        (
            400, #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens"}}"#,
            .tooLarge
        ),
        (400, #"{"error":{"message":"m","code":"content_filter"}}"#, .contentFiltered),
        (
            400, #"{"error":{"message":"m","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#, .contentFiltered
        ),
        (429, #"{"error":{"message":"m","type":"insufficient_quota"}}"#, .quotaExceeded),
        (
            429,
            #"{"error":{"type":"rate_limit_error","message":"m","details":{"error_code":"contract_spend_limit_reached"}}}"#,
            .quotaExceeded
        ),
        (498, "flex capacity", .overloaded),
    ]

    @Test("what the words say counts more than the status", arguments: meanings.indices)
    func meaning(index: Int) {
        let (status, body, kind) = Self.meanings[index]
        let response = HTTPTransport.Response(status: status, headers: HTTPHeaderFields([:]), body: Array(body.utf8))
        #expect(ProviderErrors.failure(response).kind == kind)
    }

    static let now = Date(timeIntervalSince1970: 1_795_000_000)
    static let waits: [(headers: [String: String], wait: Duration?)] = [
        (["retry-after-ms": "1500", "Retry-After": "9"], .milliseconds(1500)),
        (["retry-after": "2"], .seconds(2)),
        (["retry-after": "0.25"], .milliseconds(250)),
        (["retry-after": "Wed, 18 Nov 2026 11:06:50 GMT"], .seconds(10)),
        (["retry-after": "Wed, 18 Nov 2026 11:06:30 GMT"], .zero),
        (["retry-after": "-1"], nil),
        (["retry-after": "soon"], nil),
        (["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"], .seconds(360)),
        (
            [
                "x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "2m59.56s",
                "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "120ms",
            ], .milliseconds(120)
        ),
        (
            [
                "anthropic-ratelimit-tokens-remaining": "0",
                "anthropic-ratelimit-tokens-reset": "2026-11-18T11:06:43Z",
            ], .seconds(3)
        ),
        ([:], nil),
    ]

    @Test("the wait is read in every form", arguments: waits.indices)
    func wait(index: Int) {
        let (headers, wait) = Self.waits[index]
        #expect(ProviderErrors.retryAfter(HTTPHeaderFields(headers), now: Self.now) == wait)
    }

    @Test("a redirect is not followed, and names the address to give")
    func redirect() {
        let response = HTTPTransport.Response(
            status: 308, headers: HTTPHeaderFields(["location": "https://other/v1"]), body: [])
        let failure = ProviderErrors.failure(response)
        #expect(failure.message == "the server redirects to https://other/v1; give that as the base URL")
        #expect(!failure.isRetryable)
    }

    @Test("no secret of an endpoint stands in a message, and a long message is cut")
    func secrets() {
        let endpoint = Endpoint(
            kind: .openAI, credentialID: "c", baseURL: "http://x", apiKey: Secret("sk-12345"),
            settings: [
                "headers": ["X-Api-Key": "hdr-67890", "Proxy-Authorization": "Basic dXNlcjpw", "X-Team": "blue"]
            ])
        let failure = ProviderFailure(
            .refusedKey, "sk-12345 and hdr-67890,\n dXNlcjpw blue \(String(repeating: "x", count: 900))")
        let cleaned = failure.cleaned(of: endpoint.secrets)
        #expect(cleaned.message.hasPrefix("••• and •••, ••• blue xxx"))
        #expect(cleaned.message.count == 501)
    }
}
