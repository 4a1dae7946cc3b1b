package import EdisonCore
import Foundation

/// For how long what was spent counts against a limit. Days are those of UTC, counted from 1970.
package enum BudgetPeriod: String, Sendable, CaseIterable {
    case day
    /// Of the calendar.
    case month
    /// Today and the 29 days before it.
    case trailing = "30_days"
    case total

    package static func day(of moment: Timestamp) -> Int {
        let (day, rest) = moment.microseconds.quotientAndRemainder(dividingBy: microsecondsOfDay)
        return Int(day) - (rest < 0 ? 1 : 0)
    }

    package static func moment(of day: Int) -> Timestamp {
        Timestamp(microseconds: Int64(day) * microsecondsOfDay)
    }

    private static let microsecondsOfDay: Int64 = 86_400_000_000

    /// The first day that counts at a moment.
    package func start(at moment: Timestamp) -> Int {
        let today = Self.day(of: moment)
        return switch self {
        case .day: today
        case .month: Self.firstOfMonth(moment, after: 0)
        case .trailing: today - 29
        case .total: 0
        }
    }

    /// When all that was spent by then has left the count; nil where that comes by and by, or never.
    package func end(at moment: Timestamp) -> Timestamp? {
        switch self {
        case .day: Self.moment(of: Self.day(of: moment) + 1)
        case .month: Self.moment(of: Self.firstOfMonth(moment, after: 1))
        case .trailing, .total: nil
        }
    }

    private static func firstOfMonth(_ moment: Timestamp, after months: Int) -> Int {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var parts = calendar.dateComponents([.year, .month], from: moment.date)
        parts.month = (parts.month ?? 1) + months
        return day(of: calendar.date(from: parts).map { Timestamp($0) } ?? moment)
    }

    /// Such as "this month".
    package var words: String {
        switch self {
        case .day: "a day"
        case .month: "a month"
        case .trailing: "30 days"
        case .total: "all time"
        }
    }
}
