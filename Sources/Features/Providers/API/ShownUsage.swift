import EdisonCore
import EdisonWeb

/// How a credential does, with the state of its models' breakers in this process.
struct ShownUsage: Sendable {
    struct Pause: Sendable {
        let model: String
        let state: String
    }

    let usage: CredentialUsage
    let pauses: [Pause]
    let validation: CredentialValidation?

    static let shape = Shape<ShownUsage>(
        "CredentialUsage",
        [
            .time("since", \.usage.since), .bool("is_partial", \.usage.isPartial), .integer("calls", \.usage.calls),
            .integer("failed_calls", \.usage.failedCalls), .integer("requests", \.usage.requests),
            .integer("failed_requests", \.usage.failedRequests), .number("error_rate", \.usage.errorRate),
            .optionalInteger("latency_ms_median", \.usage.medianLatencyMilliseconds),
            .optionalInteger("latency_ms_p95", \.usage.slowLatencyMilliseconds),
            .integer("input_tokens", \.usage.inputTokens), .integer("output_tokens", \.usage.outputTokens),
            .money("cost_usd", \.usage.cost), .optionalTime("last_call_at", \.usage.lastCallAt),
            .optionalTime("rate_limited_at", \.usage.limitedAt), .parts("failures", failure, \.usage.failures),
            .parts("paused_models", pause, \.pauses),
            .optionalPart("validation", CredentialValidation.shape, \.validation),
        ])

    private static let failure = Shape<CredentialUsage.Failure>(
        "FailureCount",
        [
            .text("kind", \.kind), .integer("count", \.count), .time("last_at", \.lastAt),
            .text("message", \.message),
        ])

    private static let pause = Shape<Pause>("PausedModel", [.text("model", \.model), .text("state", \.state)])
}
