package import Foundation

/// A moment in UTC, in whole microseconds since 1970: what the databases store.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package init(_ date: Date) { microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded()) }

    package static var now: Timestamp { Timestamp(Date()) }

    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// Reads RFC 3339, with or without parts of a second, in any zone; nil for anything else.
    package init?(rfc3339 text: String) {
        let whole = Date.ISO8601FormatStyle()
        let parts = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? whole.parse(text)) ?? (try? parts.parse(text)) else { return nil }
        self.init(date)
    }

    package var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }

    package func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(microseconds: microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    package func duration(since earlier: Timestamp) -> Duration { .microseconds(microseconds - earlier.microseconds) }

    /// RFC 3339 in UTC with milliseconds, as the API writes time.
    package var rfc3339: String {
        // Whole numbers up to the last step: a double cannot hold most fractions of a second exactly.
        let milliseconds = (microseconds - ((microseconds % 1_000) + 1_000) % 1_000) / 1_000
        let fraction = ((milliseconds % 1_000) + 1_000) % 1_000
        let seconds = Date(timeIntervalSince1970: Double((milliseconds - fraction) / 1_000)).formatted(.iso8601)
        let digits = String(fraction)
        return "\(seconds.dropLast()).\(String(repeating: "0", count: 3 - digits.count))\(digits)Z"
    }
}
