/// The peeking-safe interval for the difference of two arms of a growing experiment (b − a).
package struct SequentialDifferenceTest: Sendable {
    /// What is known of an arm at a look.
    package struct Arm: Sendable, Hashable {
        package let count: Int
        package let mean: Double
        /// With n − 1.
        package let variance: Double

        package init(count: Int, mean: Double, variance: Double) {
            self.count = count
            self.mean = mean
            self.variance = variance
        }
    }

    package struct Look: Sendable {
        package let difference: Double?
        package let standardError: Double?
        package let halfwidth: Double?
        package let interval: ConfidenceInterval?
        package let p: Double?
        package let runningInterval: ConfidenceInterval?
        package let runningP: Double
        /// Whether the experiment may be stopped for an effect.
        package let mayStop: Bool
        /// The intervals no longer meet: the metric changed under way.
        package let hasDrifted: Bool
    }

    package let status: StatisticStatus
    package let looks: [Look]
    /// From 0.
    package let firstStop: Int?

    /// - Parameters:
    ///   - arms: at each look the whole of both arms so far. A look with fewer than two units in an arm, or without
    ///     variance, gives at most the difference and changes nothing.
    ///   - tuning: the planned total of both arms.
    package init(looks arms: [(a: Arm, b: Arm)], alpha: Double = 0.05, tuning: Double) {
        let isValid = arms.allSatisfy { look in
            [look.a, look.b].allSatisfy {
                $0.count >= 0 && $0.mean.isFinite && $0.variance.isFinite && $0.variance >= 0
            }
        }
        guard isValid, let mixture = NormalMixture(alpha: alpha, tuning: tuning) else {
            (status, looks, firstStop) = (.invalidInput, [], nil)
            return
        }
        var running = RunningInterval()
        let looks = arms.map { look in
            let variance = look.a.variance / Double(look.a.count) + look.b.variance / Double(look.b.count)
            guard look.a.count >= 2, look.b.count >= 2, variance > 0 else {
                let isEmpty = look.a.count == 0 || look.b.count == 0
                return Look(
                    difference: isEmpty ? nil : look.b.mean - look.a.mean, standardError: nil, halfwidth: nil,
                    interval: nil, p: nil,
                    runningInterval: running.interval, runningP: running.p, mayStop: running.p <= alpha,
                    hasDrifted: running.hasDrifted)
            }
            let difference = look.b.mean - look.a.mean
            let error = variance.squareRoot()
            let total = Double(look.a.count + look.b.count)
            let margin = mixture.halfwidth(standardError: error, count: total)
            let interval = ConfidenceInterval(center: difference, margin: margin)
            let p = mixture.p(effect: difference, standardError: error, count: total)
            running.add(interval, p: p)
            return Look(
                difference: difference, standardError: error, halfwidth: margin, interval: interval, p: p,
                runningInterval: running.interval, runningP: running.p, mayStop: running.p <= alpha,
                hasDrifted: running.hasDrifted)
        }
        status = .ok
        self.looks = looks
        firstStop = looks.firstIndex(where: \.mayStop)
    }
}
