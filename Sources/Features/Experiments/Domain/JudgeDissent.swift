import EdisonStatistics

/// Judges who see as worse what the ensemble calls better.
///
/// Weights follow the majority: where two of three judges prefer what is bad, their agreement makes them look reliable.
/// From scores alone nobody can tell which side errs. So a version is not promoted against a judge who sees a loss, and
/// less is asked of a loss than of a gain: with the evidence that a promotion needs, one honest judge of three would too
/// often not be heard. A judge who agrees with a real gain is rarely that far on the other side. People's labels decide
/// then.
enum JudgeDissent {
    /// One-sided: of judges to whom both versions are equal so many see a loss by chance.
    static let level = 0.2

    /// - Parameter differences: by judge, new minus old, of the cases of each cluster.
    static func names(_ differences: [(judge: String, clusters: [[Double]])]) -> [String] {
        guard differences.count > 1 else { return [] }
        return differences.filter { _, clusters in isLoss(clusters.map { ClusterTotals($0) }) }.map(\.judge)
    }

    private static func isLoss(_ totals: [ClusterTotals]) -> Bool {
        guard let statistic = ClusteredT(totals), statistic.clusters >= PromotionTest.fewestClusters else {
            return false
        }
        return statistic.t < -StudentT(df: Double(statistic.clusters - 1)).isf(level)
    }

    static func reason(_ names: [String]) -> String? {
        names.isEmpty
            ? nil
            : "the judges contradict each other: \(names.joined(separator: " and ")) "
                + "\(names.count == 1 ? "sees" : "see") a loss; score some outputs yourself with edison label"
    }
}
