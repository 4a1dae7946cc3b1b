/// Bootstrap intervals of means, medians and differences.
///
/// For a paired comparison give the differences b − a of the items. Report resamples, seed and method with the result.
package struct Bootstrap: Sendable {
    package enum Statistic: String, Sendable, Hashable {
        case mean, median
    }

    package enum ClusterStatistic: String, Sendable, Hashable {
        /// Every case counts once.
        case meanOfCaseMeans = "mean_of_case_means"
        /// Every value counts once.
        case pooledMean = "pooled_mean"
    }

    package let plan: ResamplePlan
    /// One minus the coverage.
    package let alpha: Double

    package init(_ plan: ResamplePlan, alpha: Double = 0.05) {
        self.plan = plan
        self.alpha = alpha
    }

    /// One sample, or paired differences.
    package func interval(of statistic: Statistic, _ values: [Double]) -> BootstrapInterval {
        guard values.allSatisfy(\.isFinite), alpha.isLevel else { return BootstrapInterval(status: .invalidInput) }
        guard let first = values.first else { return BootstrapInterval(status: .insufficientData) }
        if values.allSatisfy({ $0 == first }) { return BootstrapInterval(status: .degenerate, estimate: first) }
        guard plan.isValid(items: values.count) else { return BootstrapInterval(status: .invalidInput) }
        let (estimate, replicates, jackknife): (Double, [Double], [Double])
        switch statistic {
        case .mean:
            let mean = ResampledRatio(values)
            (estimate, replicates, jackknife) = (mean.estimate, plan.replicates(mean), mean.jackknife)
        case .median:
            let median = ResampledMedian(values)
            (estimate, replicates, jackknife) = (median.estimate, plan.replicates(median), median.jackknife)
        }
        return BootstrapInterval(
            estimate: estimate, replicates: replicates, jackknife: jackknife, alpha: alpha,
            tie: 1e-12 * max(1, abs(estimate)), plan: plan)
    }

    /// Two samples of different units: statistic of b minus statistic of a, by percentiles.
    package func difference(of statistic: Statistic, a: [Double], b: [Double]) -> BootstrapInterval {
        guard (a + b).allSatisfy(\.isFinite), alpha.isLevel else { return BootstrapInterval(status: .invalidInput) }
        guard let firstA = a.first, let firstB = b.first else { return BootstrapInterval(status: .insufficientData) }
        guard case .random(let resamples, _) = plan, resamples >= 1 else {
            return BootstrapInterval(status: .invalidInput)
        }
        let medians = (ResampledMedian(a), ResampledMedian(b))
        let means = (ResampledRatio(a), ResampledRatio(b))
        let estimate =
            statistic == .mean ? means.1.estimate - means.0.estimate : medians.1.estimate - medians.0.estimate
        if a.allSatisfy({ $0 == firstA }), b.allSatisfy({ $0 == firstB }) {
            return BootstrapInterval(status: .degenerate, estimate: estimate)
        }
        let replicates =
            statistic == .mean
            ? plan.replicates(ResampledDifference(first: means.0, second: means.1))
            : plan.replicates(ResampledDifference(first: medians.0, second: medians.1))
        return BootstrapInterval(
            estimate: estimate, replicates: replicates, jackknife: nil, alpha: alpha,
            tie: 1e-12 * max(1, abs(estimate)), plan: plan)
    }

    /// Cases as units: all judgments, models and repeats of a case are drawn together.
    ///
    /// - Parameter cases: the values, or paired differences, of each case; an empty case is left out.
    package func interval(of statistic: ClusterStatistic, cases: [[Double]]) -> ClusteredBootstrapInterval {
        let filled = cases.filter { !$0.isEmpty }
        let missing = cases.count - filled.count
        func result(_ interval: BootstrapInterval) -> ClusteredBootstrapInterval {
            ClusteredBootstrapInterval(interval: interval, cases: filled.count, missingCases: missing)
        }
        guard filled.allSatisfy({ $0.allSatisfy(\.isFinite) }), alpha.isLevel else {
            return result(BootstrapInterval(status: .invalidInput))
        }
        guard let first = filled.first?.first else { return result(BootstrapInterval(status: .insufficientData)) }
        let sums = filled.map { $0.reduce(0, +) }
        let counts = filled.map { Double($0.count) }
        let ratio =
            statistic == .pooledMean
            ? ResampledRatio(sums: sums, counts: counts) : ResampledRatio(zip(sums, counts).map { $0 / $1 })
        let isConstant = filled.allSatisfy { $0.allSatisfy { $0 == first } }
        return result(interval(of: ratio, constant: isConstant ? first : nil))
    }

    /// Cases as units whose values stand for different shares of a population: Σ w·x / Σ w. The weights belong to the
    /// values and are drawn with them, so the sampled shares vary as they would in another sample.
    package func interval(ofWeightedMean cases: [[WeightedValue]]) -> ClusteredBootstrapInterval {
        let filled = cases.filter { !$0.isEmpty }
        func result(_ interval: BootstrapInterval) -> ClusteredBootstrapInterval {
            ClusteredBootstrapInterval(
                interval: interval, cases: filled.count, missingCases: cases.count - filled.count)
        }
        let values = filled.joined()
        guard values.allSatisfy({ $0.value.isFinite && $0.weight.isFinite && $0.weight > 0 }), alpha.isLevel else {
            return result(BootstrapInterval(status: .invalidInput))
        }
        guard let first = values.first?.value else { return result(BootstrapInterval(status: .insufficientData)) }
        let ratio = ResampledRatio(
            sums: filled.map { $0.reduce(0) { $0 + $1.weight * $1.value } },
            counts: filled.map { $0.reduce(0) { $0 + $1.weight } })
        return result(interval(of: ratio, constant: values.allSatisfy { $0.value == first } ? first : nil))
    }

    private func interval(of ratio: ResampledRatio, constant: Double?) -> BootstrapInterval {
        let means = zip(ratio.sums, ratio.counts).map { $0 / $1 }
        if means.count == 1 || constant != nil || means.allSatisfy({ $0 == means[0] }) {
            return BootstrapInterval(status: .degenerate, estimate: constant ?? ratio.estimate)
        }
        guard plan.isValid(items: means.count) else { return BootstrapInterval(status: .invalidInput) }
        return BootstrapInterval(
            estimate: ratio.estimate, replicates: plan.replicates(ratio), jackknife: ratio.jackknife, alpha: alpha,
            tie: 1e-13, plan: plan)
    }
}

/// A value and how much of the population it stands for.
package struct WeightedValue: Hashable, Sendable {
    package let value: Double
    package let weight: Double

    package init(_ value: Double, weight: Double = 1) {
        self.value = value
        self.weight = weight
    }
}

/// The interval of a clustered bootstrap and how many cases it rests on.
package struct ClusteredBootstrapInterval: Sendable {
    package let interval: BootstrapInterval
    package let cases: Int
    /// Cases without a valid judgment.
    package let missingCases: Int
}
