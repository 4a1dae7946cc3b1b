import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite("Bayesian comparisons") struct BayesianFixtureTests {
    @Test(
        "Beta posteriors, chances and losses agree with the oracle", provided("bayes_beta_binomial"),
        arguments: OracleCase.all("bayes_beta_binomial"))
    func betaBinomial(_ oracle: OracleCase) {
        oracle.check { input in
            let arms = try input.integerMatrix("arms").map { arm in
                guard arm.count == 2 else { throw OracleInput.Missing(key: "arms") }
                return (successes: arm[0], trials: arm[1])
            }
            let prior = try input.nested("prior")
            let result = BetaComparison(
                arms: arms, prior: (alpha: try prior.number("alpha"), beta: try prior.number("beta")))
            let posteriors = result.posteriors.map { posterior -> JSONValue in
                let beta = posterior.distribution
                return [
                    "alpha": .number(beta.alpha), "beta": .number(beta.beta), "mean": .number(beta.mean),
                    "variance": .number(beta.variance), "ci95": Output.interval(posterior.interval),
                ]
            }
            return [
                "status": Output.status(result.status), "posterior": .array(posteriors),
                "prob_best": Output.numbers(result.chanceToBeBest),
                "expected_loss": Output.numbers(result.expectedLoss),
                "prob_b_beats_a": Output.number(arms.count == 2 ? result.chanceToBeBest.last : nil),
                "mean_diff": Output.number(result.meanDifference),
                "diff_ci95": Output.interval(result.differenceInterval),
            ]
        }
    }

    @Test(
        "the normal posterior of an effect agrees with the oracle", provided("bayes_normal"),
        arguments: OracleCase.all("bayes_normal"))
    func normal(_ oracle: OracleCase) {
        oracle.check { input in
            guard let scale = NormalEffect.Scale(rawValue: try input.text("difference_type")) else {
                throw OracleInput.Missing(key: "difference_type")
            }
            let result = NormalEffect(
                control: try Self.arm(try input.nested("control")),
                treatment: try Self.arm(try input.nested("treatment")),
                scale: scale, prior: try Self.prior(try input.nested("prior")), isInverse: try input.flag("inverse"),
                alpha: try input.number("alpha"))
            return [
                "status": Output.status(result.status), "chance_to_win": Output.number(result.chanceToWin),
                "expected": Output.number(result.mean), "stddev": Output.number(result.standardDeviation),
                "ci": Output.interval(result.interval),
                "risk": Output.numbers(result.risk.map { [$0.control, $0.treatment] }),
            ]
        }
    }

    private static func arm(_ input: OracleInput) throws -> NormalArm {
        let count = try input.int("n")
        switch try input.text("kind") {
        case "mean":
            return NormalArm(count: count, sum: try input.number("sum"), sumOfSquares: try input.number("sum_squares"))
        case "proportion": return NormalArm(count: count, successes: try input.number("sum"))
        case "ratio":
            return NormalArm(
                count: count,
                ratio: NormalArm.RatioSums(
                    numerator: try input.number("m_sum"), numeratorSquares: try input.number("m_sum_squares"),
                    denominator: try input.number("d_sum"), denominatorSquares: try input.number("d_sum_squares"),
                    products: try input.number("m_d_sum_of_products")))
        default: throw OracleInput.Missing(key: "kind")
        }
    }

    private static func prior(_ input: OracleInput) throws -> NormalEffect.Prior? {
        guard try input.flag("proper") else { return nil }
        guard let scale = NormalEffect.Scale(rawValue: try input.text("type")) else {
            throw OracleInput.Missing(key: "type")
        }
        return NormalEffect.Prior(mean: try input.number("mean"), variance: try input.number("variance"), scale: scale)
    }
}
