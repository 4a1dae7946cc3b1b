import EdisonStatistics
import Foundation

/// Why a difference whose interval lies above 0 is no promotion all the same: the two are asked at different levels, and
/// a person who reads one beside the other must be told.
enum UnprovenGain {
    /// nil where the interval says no more than the verdict.
    static func reason(_ test: PromotionTest, interval: ClosedRange<Double>?, comparisons: Int) -> String? {
        guard let interval, interval.lowerBound > 0, let level = test.level, !test.isPromoted else { return nil }
        let isFew = test.clusters < PromotionTest.clustersForFullLevel
        let why: String =
            switch (isFew, comparisons > 1) {
            case (true, false):
                "with \(test.clusters) independent held-out cases, fewer than \(PromotionTest.clustersForFullLevel), "
                    + "a better version must be shown at the level \(words(level))"
            case (_, true):
                "with \(test.clusters) independent held-out cases and \(comparisons) versions to choose from, a better "
                    + "version must be shown at the level \(words(level))"
            case (false, false): "a better version must be shown also if differences are skewed"
            }
        return "the 95 % interval lies above 0, but \(why), and it was not"
    }

    private static func words(_ level: Double) -> String { String(format: "%.2g", level) }
}
