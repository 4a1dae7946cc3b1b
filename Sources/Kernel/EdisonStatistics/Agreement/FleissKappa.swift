/// Agreement of a fixed number of raters per item on nominal categories: Fleiss' κ, and Randolph's free-marginal κ,
/// which does not fall when one category dominates.
package struct FleissKappa: Sendable {
    package let status: StatisticStatus
    package let fleiss: Double?
    package let randolph: Double?

    /// - Parameter counts: items × categories, how many raters chose each; rows must have the same total (else use
    ///   ``KrippendorffAlpha``).
    package init(counts: [[Int]]) {
        let categories = counts.first?.count ?? 0
        let raters = counts.first?.reduce(0, +) ?? 0
        let isValid = counts.allSatisfy { row in
            row.count == categories && row.allSatisfy { $0 >= 0 } && row.reduce(0, +) == raters
        }
        guard isValid else {
            (status, fleiss, randolph) = (.invalidInput, nil, nil)
            return
        }
        guard raters >= 2 else {
            (status, fleiss, randolph) = (.insufficientData, nil, nil)
            return
        }
        let items = Double(counts.count)
        let ratersNumber = Double(raters)
        let columns = (0..<categories).map { column in counts.reduce(0.0) { $0 + Double($1[column]) } }
        guard columns.count(where: { $0 > 0 }) > 1 else {
            (status, fleiss, randolph) = (.noVariation, nil, nil)
            return
        }
        let agreement =
            counts.reduce(0.0) { sum, row in
                let squares = row.reduce(0.0) { $0 + Double($1) * Double($1) }
                return sum + (squares - ratersNumber) / (ratersNumber * (ratersNumber - 1))
            } / items
        let chance = columns.reduce(0.0) { sum, column in
            let share = column / (items * ratersNumber)
            return sum + share * share
        }
        let uniform = 1 / Double(categories)
        status = .ok
        fleiss = (agreement - chance) / (1 - chance)
        randolph = (agreement - uniform) / (1 - uniform)
    }
}
