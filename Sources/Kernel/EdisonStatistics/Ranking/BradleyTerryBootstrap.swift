/// Intervals of Bradley-Terry strengths by resampling cases: all verdicts of a drawn case enter together, since they
/// share the case's difficulty. At least 1,000 resamples, or the intervals themselves are noise.
package struct BradleyTerryBootstrap: Sendable {
    package let status: StatisticStatus
    package private(set) var strengths: [Double]?
    /// Percentiles 2.5 and 97.5 of each strength.
    package private(set) var intervals: [ConfidenceInterval]?
    /// The share of resamples in which an item is strongest; of equal ones the first counts.
    package private(set) var chanceToBeBest: [Double]?
    /// How many resamples left an item without any verdict, so that it stayed at the prior.
    package private(set) var incompleteResamples = 0
    /// One list of strengths per resample.
    package private(set) var replicates: [[Double]] = []

    /// - Parameter cases: the verdicts of each case.
    package init(
        items: Int, cases: [[Match]], precision: Double = BradleyTerry.defaultPrecision, plan: ResamplePlan
    ) {
        let isValid = cases.allSatisfy { verdicts in
            verdicts.allSatisfy { 0..<items ~= $0.winner && 0..<items ~= $0.loser && $0.winner != $0.loser }
        }
        guard isValid, precision > 0, precision.isFinite else {
            status = .invalidInput
            return
        }
        guard !cases.isEmpty else {
            status = .insufficientData
            return
        }
        guard plan.isValid(items: cases.count) else {
            status = .invalidInput
            return
        }
        var matrix = WinMatrix(count: items)
        for match in cases.joined() { matrix.add(match) }
        var fit = BradleyTerryFit(precision: precision)
        let strengths = fit.strengths(matrix)
        let fits = plan.replicates(ResampledRanking(items: items, cases: cases, precision: precision))
        let replicates = fits.map(\.strengths)
        var wins = Array(repeating: 0.0, count: items)
        for replicate in replicates {
            // Strengths that are equal by symmetry differ by rounding, which must not choose among them.
            guard let best = replicate.max() else { continue }
            if let first = replicate.firstIndex(where: { $0 >= best - 1e-9 }) { wins[first] += 1 }
        }
        status = .ok
        self.strengths = strengths
        self.replicates = replicates
        incompleteResamples = fits.count { !$0.isComplete }
        intervals = (0..<items).compactMap { item in ConfidenceInterval(percentilesOf: replicates.map { $0[item] }) }
        chanceToBeBest = wins.map { $0 / Double(replicates.count) }
    }

    /// Percentiles 2.5 and 97.5 of strength i − strength j: what to compare two items by.
    package func differenceInterval(_ i: Int, _ j: Int) -> ConfidenceInterval? {
        guard let count = strengths?.count, i < count, j < count else { return nil }
        return ConfidenceInterval(percentilesOf: replicates.map { $0[i] - $0[j] })
    }
}

private struct ResampledRanking: ResampledStatistic {
    private let cases: [[Match]]
    private var matrix: WinMatrix
    private var fit: BradleyTerryFit

    init(items: Int, cases: [[Match]], precision: Double) {
        self.cases = cases
        matrix = WinMatrix(count: items)
        fit = BradleyTerryFit(precision: precision)
    }

    mutating func replicate(from source: inout some IndexSource) -> (strengths: [Double], isComplete: Bool) {
        matrix.clear()
        for _ in cases.indices {
            for match in cases[source.index(below: cases.count)] { matrix.add(match) }
        }
        let isComplete = (0..<matrix.count).allSatisfy { item in
            (0..<matrix.count).contains { matrix[item, $0] + matrix[$0, item] > 0 }
        }
        return (fit.strengths(matrix), isComplete)
    }
}
