/// The peeking-safe interval for a mean paired difference over cases (candidate minus incumbent on the same cases).
///
/// The unit is the case: repeats, judges and models of one case are averaged first. The bound is asymptotic: simulated,
/// its one-sided error at alpha 0.05 stays under 2.5 % from 32 cases on; below that use one planned exact test.
package struct SequentialPairedTest: Sendable {
    package enum Verdict: String, Sendable, Hashable {
        case better, worse, open
    }

    package struct Look: Sendable {
        package let count: Int
        package let mean: Double?
        package let standardDeviation: Double?
        package let halfwidth: Double?
        package let interval: ConfidenceInterval?
        package let p: Double?
        package let runningInterval: ConfidenceInterval?
        package let runningP: Double
        /// The first verdict that is not open stays.
        package let verdict: Verdict
        package let hasDrifted: Bool
    }

    package let status: StatisticStatus
    package let looks: [Look]

    /// - Parameters:
    ///   - differences: in the order in which the cases were evaluated.
    ///   - counts: the numbers of cases at which somebody looks, ascending.
    ///   - tuning: the planned number of cases.
    package init(_ differences: [Double], looks counts: [Int], alpha: Double = 0.05, tuning: Double) {
        guard let mixture = NormalMixture(alpha: alpha, tuning: tuning), differences.allSatisfy(\.isFinite),
            counts.allSatisfy({ 0...differences.count ~= $0 }), zip(counts, counts.dropFirst()).allSatisfy({ $0 <= $1 })
        else {
            (status, looks) = (.invalidInput, [])
            return
        }
        var running = RunningInterval()
        var verdict = Verdict.open
        var moments = Moments()
        status = .ok
        looks = counts.map { count in
            for difference in differences[moments.count..<count] { moments.add(difference) }
            let deviation = moments.standardDeviation
            let mean = moments.mean
            var halfwidth: Double?
            var interval: ConfidenceInterval?
            var p: Double?
            if let mean, let deviation, deviation > 0 {
                let error = deviation / Double(count).squareRoot()
                let margin = mixture.halfwidth(standardError: error, count: Double(count))
                let look = ConfidenceInterval(center: mean, margin: margin)
                let value = mixture.p(effect: mean, standardError: error, count: Double(count))
                (halfwidth, interval, p) = (margin, look, value)
                running.add(look, p: value)
            }
            if verdict == .open, let bounds = running.interval {
                verdict = bounds.lower > 0 ? .better : bounds.upper < 0 ? .worse : .open
            }
            return Look(
                count: count, mean: mean, standardDeviation: deviation, halfwidth: halfwidth,
                interval: interval, p: p, runningInterval: running.interval, runningP: running.p, verdict: verdict,
                hasDrifted: running.hasDrifted)
        }
    }
}
