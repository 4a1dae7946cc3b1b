/// A mean over cases with the interval that the product shows, by one policy: BCa bootstrap over clusters from 20 clusters
/// on (percentiles where BCa does not exist), below that the clustered standard error with C − 1 degrees of freedom.
///
/// Under 20 clusters a bootstrap knows too few different samples and comes out too narrow. Without any spread there is
/// no interval: a width of 0 would claim a certainty that nobody has.
package struct MeanEstimate: Sendable {
    package enum Method: String, Sendable, Hashable {
        case bca = "paired cluster bootstrap (BCa)"
        case percentile = "paired cluster bootstrap (percentile)"
        case clusteredStandardError = "clustered standard error"
    }

    package static let clustersForBootstrap = 20

    /// Σ w·x / Σ w.
    package let mean: Double
    /// 95 %; nil where the data do not allow one.
    package let interval: ConfidenceInterval?
    package let count: Int
    package let method: Method

    /// - Parameters:
    ///   - clusters: the values of each cluster; empty ones are left out. nil when no value is left.
    ///   - usesStandardError: whatever the number of clusters.
    package init?(
        _ clusters: [[WeightedValue]], seed: UInt64, resamples: Int = 10_000, usesStandardError: Bool = false
    ) {
        let filled = clusters.filter { !$0.isEmpty }
        let values = filled.joined()
        guard !filled.isEmpty else { return nil }
        mean = values.reduce(0) { $0 + $1.weight * $1.value } / values.reduce(0) { $0 + $1.weight }
        count = values.count
        if filled.count >= Self.clustersForBootstrap, !usesStandardError {
            let result = Bootstrap(.random(resamples: resamples, seed: seed)).interval(ofWeightedMean: filled).interval
            if let found = result.interval, let method = result.method {
                interval = found
                self.method = method == .bca ? .bca : .percentile
                return
            }
        }
        interval = Self.interval(filled, mean: mean)
        method = .clusteredStandardError
    }

    private static func interval(_ clusters: [[WeightedValue]], mean: Double) -> ConfidenceInterval? {
        let groups = Double(clusters.count)
        guard groups >= 2 else { return nil }
        let weight = clusters.joined().reduce(0) { $0 + $1.weight }
        let squares = clusters.reduce(0.0) { sum, cluster in
            let deviation = cluster.reduce(0) { $0 + $1.weight * ($1.value - mean) }
            return sum + deviation * deviation
        }
        let error = (groups / (groups - 1) * squares).squareRoot() / weight
        guard error > 1e-14 * max(1, abs(mean)) else { return nil }
        return ConfidenceInterval(center: mean, margin: StudentT(df: groups - 1).ppf(0.975) * error)
    }
}
