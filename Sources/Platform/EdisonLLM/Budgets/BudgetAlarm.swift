package import EdisonCore

/// When a budget tells that a share of its limit is used: once for each crossing. A threshold that was told is told
/// again only after the use has fallen below it, by a new period or by a higher limit.
package struct BudgetAlarm: Hashable, Sendable {
    /// All of a limit, in the unit of thresholds: it also counts as reached when a call did not fit any more.
    package static let whole = 1_000

    /// Thousandths of the limit, in rising order.
    package var thresholds: [Int]
    /// Those that were told and still hold.
    package var told: [Int]

    package init(thresholds: [Int], told: [Int] = []) {
        self.thresholds = Set(thresholds).sorted()
        self.told = Set(told).intersection(thresholds).sorted()
    }

    /// From how much on a threshold is reached: never less than its share.
    package static func amount(_ threshold: Int, of limit: Money) -> Money {
        Money(nanodollars: Int64((Int128(limit.nanodollars) * Int128(threshold) + 999) / 1_000))
    }

    /// The thresholds that are reached by now and were not told: they count as told from here on.
    package mutating func due(used: Money, limit: Money) -> [Int] {
        let due = untold.filter { Self.amount($0, of: limit) <= used }
        told = (told + due).sorted()
        return due
    }

    /// The same when a call was refused because nothing was left for it.
    package mutating func dueWhenRefused(used: Money, limit: Money) -> [Int] {
        var due = due(used: used, limit: limit)
        if untold.contains(Self.whole) {
            due.append(Self.whole)
            told = (told + [Self.whole]).sorted()
        }
        return due
    }

    /// Another period or another limit: what is not reached any more may be told again.
    package mutating func rearm(used: Money, limit: Money) {
        told = told.filter { Self.amount($0, of: limit) <= used }
    }

    /// The amount at which the next one is due; nil when there is none.
    package func next(limit: Money) -> Money? { untold.first.map { Self.amount($0, of: limit) } }

    private var untold: [Int] { thresholds.filter { !told.contains($0) } }
}

/// A threshold that was reached, for whoever must know.
package struct BudgetCrossing: Sendable {
    package let budget: SharedBudget
    /// In thousandths of the limit.
    package let threshold: Int
    package let at: Timestamp
}
