internal import Foundation

/// Repeated attempts at each case: pass@k, that at least one of k passes, and pass^k, that all k do, without bias from
/// n ≥ k attempts of which c passed (Chen et al. 2021; Yao et al. 2024).
package struct PassAtK: Sendable {
    package struct Item: Sendable, Hashable {
        package let attempts: Int
        package let passes: Int

        package init(attempts: Int, passes: Int) {
            self.attempts = attempts
            self.passes = passes
        }
    }

    package struct Rates: Sendable, Hashable {
        /// 1 − C(n−c, k) / C(n, k).
        package let anyPasses: Double
        /// C(c, k) / C(n, k).
        package let allPass: Double
    }

    package private(set) var status: StatisticStatus
    /// The mean of pass@k over the items that have k attempts.
    package private(set) var anyPasses: Double?
    package private(set) var allPass: Double?
    /// nil for an item with fewer than k attempts, which stays out of the means.
    package private(set) var items: [Rates?]?
    package private(set) var skipped: Int?

    package init(_ items: [Item], k: Int) {
        status = .invalidInput
        guard k >= 1, items.allSatisfy({ $0.passes >= 0 && $0.passes <= $0.attempts }) else { return }
        status = .insufficientData
        let rates = items.map { $0.attempts < k ? nil : Self.rates($0, k: k) }
        let known = rates.compactMap(\.self)
        self.items = rates
        skipped = rates.count - known.count
        guard !known.isEmpty else { return }
        status = .ok
        anyPasses = known.reduce(0) { $0 + $1.anyPasses } / Double(known.count)
        allPass = known.reduce(0) { $0 + $1.allPass } / Double(known.count)
    }

    private static func rates(_ item: Item, k: Int) -> Rates {
        Rates(
            anyPasses: -expm1(logShare(item.attempts - item.passes, of: item.attempts, k: k)),
            allPass: exp(logShare(item.passes, of: item.attempts, k: k)))
    }

    /// ln[C(m, k) / C(n, k)] as a product of the fewer of k and n − m factors.
    private static func logShare(_ m: Int, of n: Int, k: Int) -> Double {
        if m < k { return -.infinity }
        let missing = n - m
        if k <= missing {
            return (0..<k).reduce(0) { $0 + log1p(-Double(missing) / Double(n - $1)) }
        }
        return (0..<missing).reduce(0) { $0 + log1p(-Double(k) / Double(n - $1)) }
    }
}
