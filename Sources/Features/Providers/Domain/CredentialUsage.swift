package import EdisonCore

/// How a credential does: what its calls of some time came to, and how they failed.
package struct CredentialUsage: Hashable, Sendable {
    /// One call, as far as it counts here.
    struct Call: Sendable {
        let model: String
        let status: String
        let isCached: Bool
        let attempts: Int
        let latencyMicroseconds: Int
        let inputTokens: Int
        let outputTokens: Int
        /// nil: the price is unknown.
        let cost: Money?
        let createdAt: Timestamp
    }

    /// One kind of failed request.
    package struct Failure: Hashable, Sendable {
        package let kind: String
        package let count: Int
        package let lastAt: Timestamp
        package let message: String
    }

    package let since: Timestamp
    /// More calls than are looked at were made in that time: the newest count.
    package let isPartial: Bool
    package let calls: Int
    package let failedCalls: Int
    package let requests: Int
    package let failedRequests: Int
    /// Of the requests; nil without any.
    package let errorRate: Double?
    package let medianLatencyMilliseconds: Int?
    package let slowLatencyMilliseconds: Int?
    package let inputTokens: Int
    package let outputTokens: Int
    /// nil: a price is unknown.
    package let cost: Money?
    package let lastCallAt: Timestamp?
    /// When the provider's limit was hit last.
    package let limitedAt: Timestamp?
    package let failures: [Failure]

    static let window: Duration = .seconds(24 * 3600)
    static let most = 2_000

    /// - Parameters:
    ///   - calls: the newest first.
    ///   - failed: the failed requests among them, with what was said.
    init(
        since: Timestamp, isPartial: Bool, calls: [Call],
        failed: [(kind: String, message: String, at: Timestamp)]
    ) {
        let asked = calls.filter { !$0.isCached && $0.attempts > 0 }
        let ended = asked.filter { $0.status != "open" }
        let latencies = ended.filter { $0.status == "answered" }.map(\.latencyMicroseconds).sorted()
        func latency(_ share: Double) -> Int? {
            latencies.isEmpty ? nil : latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))] / 1_000
        }
        self.since = since
        self.isPartial = isPartial
        self.calls = ended.count
        failedCalls = ended.count { $0.status == "failed" }
        requests = asked.reduce(0) { $0 + $1.attempts }
        failedRequests = failed.count
        errorRate = requests == 0 ? nil : Double(failed.count) / Double(requests)
        medianLatencyMilliseconds = latency(0.5)
        slowLatencyMilliseconds = latency(0.95)
        inputTokens = asked.reduce(0) { $0 + $1.inputTokens }
        outputTokens = asked.reduce(0) { $0 + $1.outputTokens }
        cost = asked.reduce(Money?.some(.zero)) { sum, call in sum.flatMap { known in call.cost.map { known + $0 } } }
        lastCallAt = asked.map(\.createdAt).max()
        limitedAt = failed.filter { $0.kind == "rate_limited" }.map(\.at).max()
        failures = Dictionary(grouping: failed, by: \.kind).compactMap { kind, all in
            all.max { $0.at < $1.at }.map { last in
                Failure(kind: kind, count: all.count, lastAt: last.at, message: last.message)
            }
        }.sorted { ($1.count, $0.kind) < ($0.count, $1.kind) }
    }
}
