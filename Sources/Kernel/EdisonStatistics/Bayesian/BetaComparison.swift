internal import Foundation

/// The exact comparison of pass rates with Beta posteriors, by quadrature instead of sampling.
///
/// For each arm: the chance to be the best and the expected loss of choosing it, E[max_j p_j − p_i]. A chance is no
/// licence to stop: see the sequential tests.
package struct BetaComparison: Sendable {
    package struct Posterior: Sendable {
        package let distribution: BetaDistribution
        /// The central 95 %.
        package let interval: ConfidenceInterval
    }

    package let status: StatisticStatus
    package let posteriors: [Posterior]
    package let chanceToBeBest: [Double]
    package let expectedLoss: [Double]
    /// The mean and the central 95 % of p_b − p_a; nil unless there are two arms.
    package let meanDifference: Double?
    package let differenceInterval: ConfidenceInterval?

    /// - Parameters:
    ///   - arms: successes of trials; the first is the control. No trials leave the prior.
    ///   - prior: the pseudo-counts of the Beta prior, both positive.
    package init(arms: [(successes: Int, trials: Int)], prior: (alpha: Double, beta: Double) = (1, 1)) {
        let isPrior = prior.alpha > 0 && prior.beta > 0 && prior.alpha.isFinite && prior.beta.isFinite
        guard isPrior, arms.allSatisfy({ $0.successes >= 0 && $0.successes <= $0.trials }) else {
            self.init(status: .invalidInput, posteriors: [], chances: [], losses: [])
            return
        }
        guard !arms.isEmpty else {
            self.init(status: .insufficientData, posteriors: [], chances: [], losses: [])
            return
        }
        let betas = arms.map { arm in
            BetaDistribution(
                alpha: prior.alpha + Double(arm.successes), beta: prior.beta + Double(arm.trials - arm.successes))
        }
        let posteriors = betas.map { beta in
            Posterior(
                distribution: beta, interval: ConfidenceInterval(lower: beta.ppf(0.025), upper: beta.isf(0.025)))
        }
        guard betas.count > 1 else {
            self.init(status: .ok, posteriors: posteriors, chances: [1], losses: [0])
            return
        }
        let (chances, losses) = Self.integrate(betas)
        self.init(status: .ok, posteriors: posteriors, chances: chances, losses: losses)
    }

    private init(status: StatisticStatus, posteriors: [Posterior], chances: [Double], losses: [Double]) {
        self.status = status
        self.posteriors = posteriors
        chanceToBeBest = chances
        expectedLoss = losses
        if posteriors.count == 2 {
            let (a, b) = (posteriors[0].distribution, posteriors[1].distribution)
            meanDifference = b.mean - a.mean
            let difference = BetaDifference(minuend: b, subtrahend: a)
            differenceInterval = ConfidenceInterval(
                lower: difference.quantile(0.025), upper: difference.upperQuantile(0.025))
        } else {
            (meanDifference, differenceInterval) = (nil, nil)
        }
    }

    /// chance_i = ∫ f_i ∏ F_j and loss_i = ∫ F_i (1 − ∏ F_j), on the log-odds scale.
    private static func integrate(_ betas: [BetaDistribution]) -> (chances: [Double], losses: [Double]) {
        let curves = betas.map(LogOddsBeta.init)
        let rule = GaussLegendre.composite(LogOddsBeta.panels(curves.flatMap(\.breaks)))
        var chances = betas.map { _ in 0.0 }
        var losses = betas.map { _ in 0.0 }
        for (node, weight) in zip(rule.nodes, rule.weights) {
            let tails = curves.map { $0.tails(node) }
            let scale = LogOddsBeta.jacobian(node)
            for index in curves.indices {
                // 1 − ∏ F_j without cancellation: Σ S_j ∏ of the F before j.
                var product = 1.0
                var complement = 0.0
                for other in curves.indices where other != index {
                    complement += tails[other].upper * product
                    product *= tails[other].lower
                }
                chances[index] += weight * curves[index].density(node) * product
                losses[index] += weight * scale * tails[index].lower * complement
            }
        }
        return (chances, losses)
    }
}
