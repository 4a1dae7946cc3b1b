internal import Foundation

/// A statistic with its bootstrap intervals (Efron and Tibshirani, "An introduction to the bootstrap", 1993).
///
/// BCa corrects for bias and skewness; where it does not exist, because all resamples lie on one side or the jackknife
/// does not vary, the percentile interval stands in, and ``method`` says which one ``interval`` is.
package struct BootstrapInterval: Sendable {
    package enum Method: String, Sendable, Hashable {
        case bca, percentile
    }

    package let status: StatisticStatus
    package let estimate: Double?
    package let percentile: ConfidenceInterval?
    package let bca: ConfidenceInterval?
    /// The bias correction z₀ and the acceleration a of BCa.
    package let biasCorrection: Double?
    package let acceleration: Double?
    /// The standard deviation of the resampled statistic.
    package let standardError: Double?
    package let resamples: Int
    /// Of random resamples.
    package let seed: UInt64?

    package var interval: ConfidenceInterval? { bca ?? percentile }
    package var method: Method? { bca != nil ? .bca : percentile != nil ? .percentile : nil }

    /// Nothing to resample.
    init(status: StatisticStatus, estimate: Double? = nil) {
        self.status = status
        self.estimate = estimate
        (percentile, bca, biasCorrection, acceleration, standardError) = (nil, nil, nil, nil, nil)
        (resamples, seed) = (0, nil)
    }

    /// - Parameters:
    ///   - jackknife: the statistic without each unit; nil leaves BCa out.
    ///   - tie: how close a resampled value must be to the estimate to count half on each side.
    init(estimate: Double, replicates: [Double], jackknife: [Double]?, alpha: Double, tie: Double, plan: ResamplePlan) {
        status = .ok
        self.estimate = estimate
        resamples = replicates.count
        if case .random(_, let seed) = plan { self.seed = seed } else { seed = nil }
        let sorted = replicates.sorted()
        standardError = Moments(replicates).standardDeviation
        percentile = Self.interval(sorted, alpha / 2, 1 - alpha / 2)
        guard let jackknife else {
            (bca, biasCorrection, acceleration) = (nil, nil, nil)
            return
        }
        let below = replicates.count { $0 < estimate - tie }
        let upTo = replicates.count { $0 <= estimate + tie }
        let z0 = NormalDistribution.ppf(Double(below + upTo) / Double(2 * replicates.count))
        let a = Self.acceleration(jackknife)
        biasCorrection = z0.isFinite ? z0 : nil
        acceleration = a
        guard let a, z0.isFinite else {
            bca = nil
            return
        }
        let levels = [alpha / 2, 1 - alpha / 2].map { level in
            let z = z0 + (level < 0.5 ? NormalDistribution.ppf(level) : NormalDistribution.isf(1 - level))
            return NormalDistribution.cdf(z0 + z / (1 - a * z))
        }
        bca = Self.interval(sorted, levels[0], levels[1])
    }

    private static func interval(_ sorted: [Double], _ low: Double, _ high: Double) -> ConfidenceInterval? {
        guard let lower = Quantiles.ofSorted(sorted, low), let upper = Quantiles.ofSorted(sorted, high) else {
            return nil
        }
        return ConfidenceInterval(lower: lower, upper: upper)
    }

    private static func acceleration(_ jackknife: [Double]) -> Double? {
        let mean = jackknife.reduce(0, +) / Double(jackknife.count)
        var (squares, cubes) = (0.0, 0.0)
        for value in jackknife {
            let deviation = mean - value
            squares += deviation * deviation
            cubes += deviation * deviation * deviation
        }
        let value = cubes / (6 * pow(squares, 1.5))
        return value.isFinite ? value : nil
    }
}
