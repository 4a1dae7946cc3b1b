package import EdisonCore

/// When something recurs, in UTC.
package enum Recurrence: Hashable, Sendable, CustomStringConvertible {
    case hourly(minute: Int)
    case daily(hour: Int, minute: Int)
    /// Monday is 1, Sunday 7.
    case weekly(day: Int, hour: Int, minute: Int)

    /// The first moment after the given one.
    package func next(after moment: Timestamp) -> Timestamp {
        let minutes: Int
        switch self {
        case .hourly(let minute): minutes = minute
        case .daily(let hour, let minute): minutes = hour * 60 + minute
        // 1970 began on a Thursday.
        case .weekly(let day, let hour, let minute): minutes = (day + 3) % 7 * 1_440 + hour * 60 + minute
        }
        let offset = Int64(minutes) * 60_000_000
        let (turns, rest) = (moment.microseconds - offset).quotientAndRemainder(dividingBy: period)
        let whole = rest < 0 ? turns - 1 : turns
        return Timestamp(microseconds: (whole + 1) * period + offset)
    }

    /// The last moment that is not after the given one.
    func latest(upTo moment: Timestamp) -> Timestamp {
        Timestamp(microseconds: next(after: moment).microseconds - period)
    }

    private var period: Int64 {
        switch self {
        case .hourly: 3_600_000_000
        case .daily: 86_400_000_000
        case .weekly: 604_800_000_000
        }
    }

    /// As it is stored, to notice when a schedule was changed.
    package var description: String {
        switch self {
        case .hourly(let minute): "hourly at minute \(minute)"
        case .daily(let hour, let minute): "daily at \(hour) h \(minute)"
        case .weekly(let day, let hour, let minute): "weekly on day \(day) at \(hour) h \(minute)"
        }
    }
}
