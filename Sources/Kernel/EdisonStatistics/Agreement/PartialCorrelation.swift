/// The correlation of score and length inside facets: does a judge pay for words, whatever the kind of case?
///
/// Both are taken as deviations from their facet's mean, so that facets with long answers and high scores don't count.
package struct PartialCorrelation: Sendable {
    package let status: StatisticStatus
    /// How many values stand in groups of at least two.
    package let count: Int
    package let coefficient: Double?
    /// Two-sided, by Student's t with count − groups − 1 degrees of freedom.
    package let p: Double?

    /// - Parameter groups: the facet of each value; values alone in their group say nothing and are left out.
    package init<Group: Hashable>(_ x: [Double], _ y: [Double], within groups: [Group]) {
        guard x.count == y.count, x.count == groups.count, (x + y).allSatisfy(\.isFinite) else {
            (status, count, coefficient, p) = (.invalidInput, x.count, nil, nil)
            return
        }
        let members = Dictionary(grouping: x.indices, by: { groups[$0] }).filter { $0.value.count >= 2 }
        var deviations = Array(repeating: (x: 0.0, y: 0.0), count: x.count)
        for indices in members.values {
            let size = Double(indices.count)
            let mean = (
                x: indices.reduce(0) { $0 + x[$1] } / size, y: indices.reduce(0) { $0 + y[$1] } / size
            )
            for index in indices { deviations[index] = (x[index] - mean.x, y[index] - mean.y) }
        }
        count = members.values.reduce(0) { $0 + $1.count }
        let df = Double(count - members.count - 1)
        guard df >= 1 else {
            (status, coefficient, p) = (.insufficientData, nil, nil)
            return
        }
        let products = deviations.reduce((xx: 0.0, yy: 0.0, xy: 0.0)) {
            ($0.xx + $1.x * $1.x, $0.yy + $1.y * $1.y, $0.xy + $1.x * $1.y)
        }
        let floor = 1e-28 * x.reduce(0) { $0 + $1 * $1 }
        let other = 1e-28 * y.reduce(0) { $0 + $1 * $1 }
        guard products.xx > floor, products.yy > other else {
            (status, coefficient, p) = (.noVariation, nil, nil)
            return
        }
        let r = max(-1, min(1, products.xy / (products.xx.squareRoot() * products.yy.squareRoot())))
        status = .ok
        coefficient = r
        p = RatingCorrelation.p(of: r, df: df)
    }
}
