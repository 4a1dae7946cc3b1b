internal import Foundation

/// A Beta distribution on the scale y = ln(x/(1 − x)), where its density is smooth and log-concave for any parameters,
/// even where it has poles at 0 and 1.
struct LogOddsBeta {
    private let alpha: Double
    private let beta: Double
    private let logBeta: Double

    init(_ distribution: BetaDistribution) {
        alpha = distribution.alpha
        beta = distribution.beta
        logBeta = GammaFunctions.logBeta(alpha, beta)
    }

    /// x and 1 − x, both with all digits.
    static func shares(_ y: Double) -> (x: Double, rest: Double) {
        let small = exp(-abs(y))
        let (large, less) = (1 / (1 + small), small / (1 + small))
        return y > 0 ? (large, less) : (less, large)
    }

    /// dx/dy = x(1 − x).
    static func jacobian(_ y: Double) -> Double {
        let shares = shares(y)
        return shares.x * shares.rest
    }

    private func logDensity(_ y: Double) -> Double {
        // ln x = −ln(1 + e^−y), without overflow.
        let softplus = log1p(exp(-abs(y)))
        let logX = y > 0 ? -softplus : y - softplus
        let logRest = y > 0 ? -y - softplus : -softplus
        return alpha * logX + beta * logRest - logBeta
    }

    /// The density of y.
    func density(_ y: Double) -> Double { exp(logDensity(y)) }

    /// P(Y ≤ y) and P(Y > y).
    func tails(_ y: Double) -> (lower: Double, upper: Double) {
        let (x, rest) = Self.shares(y)
        return (
            IncompleteBeta.lower(alpha, beta, x: x, y: rest), IncompleteBeta.upper(alpha, beta, x: x, y: rest)
        )
    }

    /// Points around the mode, out to where the density is e⁻⁴² of its height, dense enough for the 16-point rule.
    var breaks: [Double] {
        let mode = log(alpha / beta)
        let deviation = ((alpha + beta) / (alpha * beta)).squareRoot()
        let floor = logDensity(mode) - 42
        var points = [mode]
        for direction in [-1.0, 1.0] {
            var step = min(deviation, 1.5)
            var point = mode
            while logDensity(point) > floor, points.count < 400 {
                point += direction * step
                points.append(point)
                // Far out the tails are plain exponentials.
                if abs(point - mode) > 8 { step = min(step * 1.5, 6 / (direction < 0 ? alpha : beta)) }
            }
        }
        return points
    }

    /// The points in order, with no gap wider than the logistic function bears.
    static func panels(_ points: [Double]) -> [Double] {
        let sorted = points.sorted()
        guard let first = sorted.first else { return [] }
        var result = [first]
        for point in sorted.dropFirst() {
            let start = result[result.count - 1]
            let width = point - start
            guard width > 1e-9 else { continue }
            let isCentral = start < 40 && point > -40
            let parts = isCentral ? max(1, Int((width / 2).rounded(.up))) : 1
            for part in 1...parts { result.append(start + width * Double(part) / Double(parts)) }
        }
        return result
    }
}
