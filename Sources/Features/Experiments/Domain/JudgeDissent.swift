import EdisonStatistics

/// Judges who see as worse what the ensemble calls better.
///
/// Weights follow the majority: where two of three judges prefer what is bad, their agreement makes them look reliable.
/// From scores alone nobody can tell which side errs. So a version is not promoted against a judge who sees a loss as
/// clearly as a promotion would need to see a gain; people's labels decide then.
enum JudgeDissent {
    /// - Parameter differences: by judge, new minus old, of the cases of each cluster.
    static func names(_ differences: [(judge: String, clusters: [[Double]])]) -> [String] {
        guard differences.count > 1 else { return [] }
        return differences.filter { _, clusters in
            PromotionTest(clusters: clusters.map { $0.map { -$0 } }).isPromoted
        }.map(\.judge)
    }

    static func reason(_ names: [String]) -> String? {
        names.isEmpty
            ? nil
            : "the judges contradict each other: \(names.joined(separator: " and ")) "
                + "\(names.count == 1 ? "sees" : "see") a clear loss; score some outputs yourself with edison label"
    }
}
