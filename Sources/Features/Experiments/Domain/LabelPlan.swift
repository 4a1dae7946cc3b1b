import EdisonCore
import Foundation

/// The order in which cases are given to people: 70 % at random, 30 % where judges disagree most.
///
/// Each unit (a cluster of cases) has two clocks that ring after exponential times: one at the same rate for all, one at
/// a rate proportional to the judges' disagreement; the rates of all units sum to 0.7 and 0.3. Units are picked in the
/// order of their first ring, for the reason that rang. Given the time τ at which the first unit that is not picked
/// rings, a unit of rate r was picked with probability 1 − exp(−rτ), each independently of the others (E. Cohen and
/// H. Kaplan, "Summarizing data using bottom-k sketches", 2007). The order does not depend on how many are picked, so
/// more can be picked later, and every unit can be picked, so that weights stay bounded.
package struct LabelPlan: Sendable {
    static let randomShare = 0.7

    package struct Unit: Sendable, Hashable {
        /// Made of content, not of ids: the same run on another database picks the same.
        let key: String
        /// nil = unknown, as with a single judge.
        let disagreement: Double?

        package init(key: String, disagreement: Double?) {
            self.key = key
            self.disagreement = disagreement
        }
    }

    package struct Pick: Sendable, Hashable {
        package let unit: Int
        let reason: LabelPick.Reason
        let rate: Double
        let time: Double
    }

    /// All units, the first to be picked first.
    package let order: [Pick]

    package init(_ units: [Unit], seed: UInt64) {
        let total = units.reduce(0) { $0 + ($1.disagreement ?? 0) }
        // Where judges agree everywhere, or there is one alone, all picks are random.
        let share = total > 0 ? Self.randomShare : 1
        func ring(_ unit: Unit, _ reason: LabelPick.Reason, _ rate: Double) -> Double {
            guard rate > 0 else { return .infinity }
            let draw = DerivedSeed(seed, "label", reason.rawValue, unit.key).value >> 11
            return -log1p(-Double(draw) * 0x1p-53) / rate
        }
        order = units.enumerated().map { place, unit in
            let even = share / Double(units.count)
            let extra = total > 0 ? (1 - share) * (unit.disagreement ?? 0) / total : 0
            let times = (ring(unit, .random, even), ring(unit, .disagreement, extra))
            return Pick(
                unit: place, reason: times.0 <= times.1 ? .random : .disagreement, rate: even + extra,
                time: min(times.0, times.1))
        }.sorted { left, right in
            left.time != right.time ? left.time < right.time : bytewise(units[left.unit].key, units[right.unit].key)
        }
    }

    /// The probability with which each unit is among the first `count`, by the unit's place.
    package func probabilities(first count: Int) -> [Int: Double] {
        let end = order.indices.contains(count) ? order[count].time : .infinity
        return Dictionary(
            order.map { ($0.unit, -expm1(-$0.rate * end)) }, uniquingKeysWith: { first, _ in first })
    }
}
