/// A ranking that asks who would win if both texts were equally long, since many judges take length for quality.
///
/// P(i beats j) = σ(tᵢ − tⱼ + γ·z) with z = tanh((ln lengthᵢ − ln lengthⱼ)/s) and s the root mean square of these
/// differences over all verdicts; tanh, since twice as long may impress and twenty times as long hardly more. The form is
/// that of Dubois, Galambosi, Liang and Hashimoto, "Length-Controlled AlpacaEval" (2024). The Gaussian prior
/// (λ = 0.1) lies on strengths and γ alike, so that separable data stay finite. Where all lengths are equal γ is 0 and
/// the strengths are those of ``BradleyTerry``.
package struct LengthControlledBradleyTerry: Sendable {
    package let status: StatisticStatus
    /// Natural-log strengths with mean 0, at equal length.
    package private(set) var strengths: [Double]?
    /// What length itself is worth on the same scale: above 0, longer texts win more often than their versions explain.
    package private(set) var lengthEffect: Double?
    /// s; 0 where all texts are equally long.
    package private(set) var scale = 0.0
    /// Percentiles 2.5 and 97.5 over resampled cases.
    package private(set) var intervals: [ConfidenceInterval]?
    package private(set) var lengthEffectInterval: ConfidenceInterval?
    private var replicates: [[Double]] = []

    /// - Parameters:
    ///   - cases: the verdicts of each case, each with ln(length of the winner) − ln(length of the loser).
    ///   - plan: over cases, since all verdicts of one case share its difficulty.
    package init(
        items: Int, cases: [[LengthMatch]], precision: Double = BradleyTerry.defaultPrecision, plan: ResamplePlan
    ) {
        let verdicts = cases.flatMap(\.self)
        let isValid = verdicts.allSatisfy {
            0..<items ~= $0.match.winner && 0..<items ~= $0.match.loser && $0.match.winner != $0.match.loser
                && $0.logLengthGap.isFinite
        }
        guard isValid, precision > 0, precision.isFinite else {
            status = .invalidInput
            return
        }
        guard !verdicts.isEmpty else {
            status = .insufficientData
            return
        }
        guard plan.isValid(items: cases.count) else {
            status = .invalidInput
            return
        }
        status = .ok
        scale = (verdicts.reduce(0) { $0 + $1.logLengthGap * $1.logLengthGap } / Double(verdicts.count)).squareRoot()
        let games = cases.map { $0.map { LengthGame($0, scale: scale) } }
        let fit = LengthControlledFit(items: items, precision: precision)
        let whole = fit.parameters(games.flatMap(\.self), from: Array(repeating: 0, count: items + 1))
        strengths = Array(whole.prefix(items))
        lengthEffect = whole[items]
        replicates = plan.replicates(ResampledLengthRanking(cases: games, fit: fit, start: whole))
        intervals = (0..<items).compactMap { item in ConfidenceInterval(percentilesOf: replicates.map { $0[item] }) }
        lengthEffectInterval = ConfidenceInterval(percentilesOf: replicates.map { $0[items] })
    }

    /// Percentiles 2.5 and 97.5 of strength i − strength j: what to compare two items by.
    package func differenceInterval(_ i: Int, _ j: Int) -> ConfidenceInterval? {
        guard let count = strengths?.count, i < count, j < count else { return nil }
        return ConfidenceInterval(percentilesOf: replicates.map { $0[i] - $0[j] })
    }
}

/// A verdict between two texts with the difference of their logarithmic lengths, winner minus loser.
package struct LengthMatch: Sendable, Hashable {
    package let match: Match
    package let logLengthGap: Double

    package init(_ match: Match, logLengthGap: Double) {
        self.match = match
        self.logLengthGap = logLengthGap
    }
}

private struct ResampledLengthRanking: ResampledStatistic {
    let cases: [[LengthGame]]
    let fit: LengthControlledFit
    let start: [Double]

    func replicate(from source: inout some IndexSource) -> [Double] {
        var drawn: [LengthGame] = []
        for _ in cases.indices { drawn += cases[source.index(below: cases.count)] }
        return fit.parameters(drawn, from: start)
    }
}
