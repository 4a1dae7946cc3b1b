internal import Foundation

/// Adjusted p-values for a family of tests, in the order of the input. Holm for decisions, Benjamini-Hochberg for
/// exploration.
///
/// A test that could not be computed (nil) leaves the family and stays nil. Intervals beside adjusted p-values should
/// have Bonferroni's width; no standard error can be solved back from an adjusted p.
package struct MultipleComparisons: Sendable {
    package enum Method: String, Sendable, Hashable, CaseIterable {
        case bonferroni
        case holm
        case hochberg
        /// Benjamini and Hochberg's false discovery rate.
        case benjaminiHochberg = "bh"
        /// Benjamini and Yekutieli's, under any dependence.
        case benjaminiYekutieli = "by"
    }

    package let status: StatisticStatus
    package let alpha: Double
    private let pValues: [Double?]

    package init(_ pValues: [Double?], alpha: Double = 0.05) {
        let isValid = alpha.isLevel && pValues.allSatisfy { $0.map { $0 >= 0 && $0 <= 1 } ?? true }
        status = isValid ? .ok : .invalidInput
        self.alpha = alpha
        self.pValues = isValid ? pValues : []
    }

    package func adjusted(by method: Method) -> [Double?] {
        let family = pValues.indices.compactMap { index in pValues[index].map { (index: index, p: $0) } }
            .sorted { $0.p < $1.p }
        let m = Double(family.count)
        var result = pValues
        func stepDown(_ factor: (Double) -> Double) {
            var running = 0.0
            for (place, test) in family.enumerated() {
                running = max(running, test.p * factor(Double(place + 1)))
                result[test.index] = min(1, running)
            }
        }
        func stepUp(_ factor: (Double) -> Double) {
            var running = 1.0
            for (place, test) in family.enumerated().reversed() {
                running = min(running, test.p * factor(Double(place + 1)))
                result[test.index] = running
            }
        }
        switch method {
        case .bonferroni: stepDown { _ in m }
        case .holm: stepDown { m - $0 + 1 }
        case .hochberg: stepUp { m - $0 + 1 }
        case .benjaminiHochberg: stepUp { m / $0 }
        case .benjaminiYekutieli:
            let harmonic = (0..<family.count).reduce(0) { $0 + 1 / Double($1 + 1) }
            stepUp { m * harmonic / $0 }
        }
        return result
    }

    /// Whether each adjusted p-value is at most alpha, up to rounding.
    package func rejected(by method: Method) -> [Bool?] {
        adjusted(by: method).map { $0.map { $0 <= alpha * (1 + 1e-12) } }
    }
}
