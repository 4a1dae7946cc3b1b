/// How a disagreement of two raters on an ordered scale counts.
package enum KappaWeights: String, Sendable, Hashable, CaseIterable {
    /// Every disagreement is the same.
    case none
    /// By the number of categories apart.
    case linear
    /// By its square.
    case quadratic
}

/// Cohen's κ of two raters on the same items, for a judge against a person.
///
/// The standard error is that of Fleiss, Cohen and Everitt (1969); the 95 % interval is not clipped. Always shown with
/// the share of equal ratings: 96 % agreement can go with κ = 0.64 when one category dominates.
package struct CohenKappa: Sendable {
    package let status: StatisticStatus
    package let count: Int
    package let kappa: Double?
    package let percentAgreement: Double?
    package let standardError: Double?
    package let interval: ConfidenceInterval?

    /// - Parameter labels: the categories in their order; a rating outside them is invalid input.
    package init<Label: Hashable>(_ first: [Label], _ second: [Label], labels: [Label], weights: KappaWeights = .none) {
        var places: [Label: Int] = [:]
        for label in labels where places[label] == nil { places[label] = places.count }
        let pairs = zip(first, second).compactMap { left, right -> (Int, Int)? in
            guard let left = places[left], let right = places[right] else { return nil }
            return (left, right)
        }
        guard first.count == second.count, pairs.count == first.count else {
            self.init(status: .invalidInput, count: first.count)
            return
        }
        self.init(pairs: pairs, categories: places.count, weights: weights)
    }

    private init(pairs: [(Int, Int)], categories: Int, weights: KappaWeights) {
        let total = Double(pairs.count)
        guard !pairs.isEmpty else {
            self.init(status: .insufficientData, count: 0)
            return
        }
        var shares = Array(repeating: Array(repeating: 0.0, count: categories), count: categories)
        for (row, column) in pairs { shares[row][column] += 1 / total }
        let percent = Double(pairs.count { $0.0 == $0.1 }) / total
        let rows = shares.map { $0.reduce(0, +) }
        let columns = (0..<categories).map { column in shares.reduce(0) { $0 + $1[column] } }
        let farthest = Self.disagreement(0, categories - 1, weights)
        func weight(_ row: Int, _ column: Int) -> Double {
            farthest > 0 ? 1 - Self.disagreement(row, column, weights) / farthest : 1
        }
        let range = 0..<categories
        let rowMeans = range.map { row in range.reduce(0) { $0 + weight(row, $1) * columns[$1] } }
        let columnMeans = range.map { column in range.reduce(0) { $0 + weight($1, column) * rows[$1] } }
        let isConstant = pairs.allSatisfy { $0.0 == pairs[0].0 && $0.1 == pairs[0].0 }
        if isConstant {
            self.init(status: .noVariation, count: pairs.count, percentAgreement: percent)
            return
        }
        var observedGap = 0.0
        var expectedGap = 0.0
        for row in range {
            for column in range {
                observedGap += (1 - weight(row, column)) * shares[row][column]
                expectedGap += (1 - weight(row, column)) * rows[row] * columns[column]
            }
        }
        let missed = observedGap / expectedGap
        var spread = 0.0
        for row in range {
            for column in range where shares[row][column] > 0 {
                let term = weight(row, column) - (rowMeans[row] + columnMeans[column]) * missed
                spread += shares[row][column] * term * term
            }
        }
        let bias = 1 - missed - (1 - expectedGap) * missed
        let variance = max(0, spread - bias * bias) / (total * expectedGap * expectedGap)
        self.init(
            status: .ok, count: pairs.count, kappa: 1 - missed, percentAgreement: percent,
            standardError: variance.squareRoot())
    }

    private init(
        status: StatisticStatus, count: Int, kappa: Double? = nil, percentAgreement: Double? = nil,
        standardError: Double? = nil
    ) {
        self.status = status
        self.count = count
        self.kappa = kappa
        self.percentAgreement = percentAgreement
        self.standardError = standardError
        interval = kappa.flatMap { kappa in
            standardError.map { ConfidenceInterval(center: kappa, margin: NormalDistribution.isf(0.025) * $0) }
        }
    }

    private static func disagreement(_ row: Int, _ column: Int, _ weights: KappaWeights) -> Double {
        let apart = Double(abs(row - column))
        switch weights {
        case .none: return apart == 0 ? 0 : 1
        case .linear: return apart
        case .quadratic: return apart * apart
        }
    }
}
