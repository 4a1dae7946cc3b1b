internal import Foundation

/// Fisher's exact test of two proportions: given both margins, the successes of arm b are hypergeometric, and the
/// two-sided p-value adds all tables that are no more probable than the observed one.
package enum FisherExactTest {
    /// nil for counts that are no table.
    package static func pValue(successesA: Int, trialsA: Int, successesB: Int, trialsB: Int) -> Double? {
        guard successesA >= 0, successesA <= trialsA, successesB >= 0, successesB <= trialsB else { return nil }
        let successes = successesA + successesB
        let total = trialsA + trialsB
        let support = max(0, successes - trialsA)...min(successes, trialsB)
        guard support.count > 1, successes < total else { return 1 }
        // With the pooled rate as p: b(k; nb, p) b(x − k; na, p) / b(x; n, p).
        let rate = Double(successes) / Double(total)
        let armA = BinomialDistribution(trials: trialsA, probability: rate)
        let armB = BinomialDistribution(trials: trialsB, probability: rate)
        let logTotal = BinomialDistribution(trials: total, probability: rate).logPMF(successes)
        let logPMF = { (k: Int) in armB.logPMF(k) + armA.logPMF(successes - k) - logTotal }
        let mode = (trialsB + 1) * (successes + 1) / (total + 2)
        // Tables that are equally probable differ by rounding.
        let bounds = UnimodalBounds(
            support: support, mode: min(max(mode, support.lowerBound), support.upperBound),
            limit: logPMF(successesB) + 1e-9, logPMF: logPMF)
        guard !bounds.isEverything else { return 1 }
        func tail(from start: Int, by step: Int) -> Double {
            var sum = 0.0
            var k = start
            while support.contains(k) {
                let share = exp(logPMF(k))
                sum += share
                if share < 1e-18 * sum || share == 0 { break }
                k += step
            }
            return sum
        }
        return min(1, tail(from: bounds.lower, by: -1) + tail(from: bounds.upper, by: 1))
    }
}

/// Where a unimodal probability falls to a limit: everything at or below `lower` and at or above `upper`.
struct UnimodalBounds {
    let lower: Int
    let upper: Int
    var isEverything: Bool { lower + 1 >= upper }

    init(support: ClosedRange<Int>, mode: Int, limit: Double, logPMF: (Int) -> Double) {
        // The largest k up to the mode that is improbable enough, or one below the support.
        var low = support.lowerBound - 1
        var high = mode
        if logPMF(mode) <= limit {
            low = mode
        } else {
            while high - low > 1 {
                let middle = low + (high - low) / 2
                if logPMF(middle) <= limit { low = middle } else { high = middle }
            }
        }
        lower = low
        low = mode
        high = support.upperBound + 1
        if logPMF(mode) <= limit {
            high = mode + 1
        } else {
            while high - low > 1 {
                let middle = low + (high - low) / 2
                if logPMF(middle) <= limit { high = middle } else { low = middle }
            }
        }
        upper = high
    }
}
