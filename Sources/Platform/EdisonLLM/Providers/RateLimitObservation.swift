import EdisonCore
package import Foundation

/// What is left of a credential's limits, as the headers of one answer say; the limiter learns from it.
package struct RateLimitObservation: Hashable, Sendable {
    /// One limit; nil = the provider did not say.
    package struct Window: Hashable, Sendable {
        package var limit: Int?
        package var remaining: Int?
        /// From the moment of the answer until the whole limit is there again.
        package var resetAfter: Duration?

        package init(limit: Int? = nil, remaining: Int? = nil, resetAfter: Duration? = nil) {
            self.limit = limit
            self.remaining = remaining
            self.resetAfter = resetAfter
        }
    }

    package var requests: Window?
    package var tokens: Window?
    package var inputTokens: Window?
    package var outputTokens: Window?

    /// nil when the headers name no limit.
    package init?(_ headers: HTTPHeaderFields, now: Date = Date()) {
        requests = Self.window("requests", headers, now)
        tokens = Self.window("tokens", headers, now)
        inputTokens = Self.window("input-tokens", headers, now)
        outputTokens = Self.window("output-tokens", headers, now)
        if windows.isEmpty { return nil }
    }

    /// How long until every limit that is used up is there again; nil when none is known to be used up.
    var wait: Duration? { windows.filter { $0.remaining == 0 }.compactMap(\.resetAfter).max() }

    private var windows: [Window] { [requests, tokens, inputTokens, outputTokens].compactMap(\.self) }

    /// OpenAI and its likes write `x-ratelimit-remaining-requests`, Anthropic `anthropic-ratelimit-requests-remaining`.
    private static func window(_ name: String, _ headers: HTTPHeaderFields, _ now: Date) -> Window? {
        func field(_ part: String) -> String? {
            headers["x-ratelimit-\(part)-\(name)"] ?? headers["anthropic-ratelimit-\(name)-\(part)"]
        }
        let window = Window(
            limit: field("limit").flatMap { Int($0) }, remaining: field("remaining").flatMap { Int($0) },
            resetAfter: field("reset").flatMap { ResetTime.parse($0, now: now) })
        return window == Window() ? nil : window
    }
}

/// The forms in which providers say how long to wait.
enum ResetTime {
    /// A duration (`6m0s`, `120ms`, `7.66s`), seconds (`2`), or a moment (RFC 3339, HTTP date).
    static func parse(_ text: String, now: Date) -> Duration? {
        if let seconds = Double(text) { return duration(seconds) }
        if let moment = (try? Date(text, strategy: .iso8601)) ?? httpDate(text) {
            return duration(max(0, moment.timeIntervalSince(now)))
        }
        return units(text)
    }

    private static func units(_ text: String) -> Duration? {
        let seconds = ["h": 3600.0, "m": 60, "s": 1, "ms": 0.001]
        var sum = 0.0
        var rest = text[...]
        while !rest.isEmpty {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            let unit = rest.dropFirst(number.count).prefix(while: \.isLetter)
            guard let count = Double(number), let factor = seconds[String(unit)] else { return nil }
            sum += count * factor
            rest = rest.dropFirst(number.count + unit.count)
        }
        return text.isEmpty ? nil : duration(sum)
    }

    /// At most a day, so that a mistaken header can't overflow.
    private static func duration(_ seconds: Double) -> Duration? {
        seconds >= 0 ? .milliseconds(Int((min(seconds, 86_400) * 1000).rounded())) : nil
    }

    private static func httpDate(_ text: String) -> Date? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text)
    }
}
