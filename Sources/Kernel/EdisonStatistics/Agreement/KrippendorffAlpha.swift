/// How the distance of two ratings is measured.
package enum MeasurementLevel: String, Sendable, Hashable, CaseIterable {
    case nominal, ordinal, interval, ratio
}

/// Krippendorff's α: agreement of any number of raters, with missing ratings (Krippendorff, "Computing
/// Krippendorff's alpha-reliability", 2011).
///
/// 1 is perfect, 0 is chance, negative is systematic disagreement and is shown as such. Raters who always give the same
/// value say nothing about agreement: the status is then ``StatisticStatus/noVariation`` and α is nil.
package struct KrippendorffAlpha: Sendable {
    package let status: StatisticStatus
    package let alpha: Double?
    /// How many ratings stand in units that have at least two.
    package let pairable: Int

    /// - Parameter ratings: raters × units; nil is missing. Rows may differ in length.
    package init(ratings: [[Double?]], level: MeasurementLevel) {
        let width = ratings.map(\.count).max() ?? 0
        let units = (0..<width).map { unit in
            ratings.compactMap { unit < $0.count ? $0[unit] : nil }
        }
        self.init(units: units, level: level)
    }

    /// Nominal ratings that are labels, not numbers.
    package init(labels: [[String?]]) {
        var codes: [String: Double] = [:]
        let ratings = labels.map { row in
            row.map { label in
                label.map { text in
                    let code = codes[text] ?? Double(codes.count)
                    codes[text] = code
                    return code
                }
            }
        }
        self.init(ratings: ratings, level: .nominal)
    }

    /// - Parameter units: the ratings that each unit got, in any order.
    package init(units: [[Double]], level: MeasurementLevel) {
        guard units.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            (status, alpha, pairable) = (.invalidInput, nil, 0)
            return
        }
        let units = units.filter { $0.count >= 2 }
        pairable = units.reduce(0) { $0 + $1.count }
        guard pairable > 0 else {
            (status, alpha) = (.insufficientData, nil)
            return
        }
        let scale = RatingScale(values: units.flatMap { $0 }, level: level)
        guard scale.values.count > 1 else {
            (status, alpha) = (.noVariation, nil)
            return
        }
        // Every ordered pair within a unit, weighted so that a unit counts by its number of ratings.
        var observed = 0.0
        for unit in units {
            let places = unit.map(scale.position)
            observed += scale.disagreement(within: places) / Double(unit.count - 1)
        }
        let expected = scale.expectedDisagreement / Double(pairable - 1)
        let alpha = 1 - observed / expected
        status = alpha.isFinite ? .ok : .invalidInput
        self.alpha = alpha.isFinite ? alpha : nil
    }
}
