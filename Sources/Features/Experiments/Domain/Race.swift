/// A sequential comparison of a candidate with its parent on shared cases: accept early, reject early, or look on.
///
/// Pure: it is fed the paired differences in race order and says what to do. The order is fixed before the race, so
/// that the decision does not depend on which answer arrives first.
package struct Race: Sendable {
    package enum Decision: Hashable, Sendable {
        /// Undecided: look again when the first `untilCases` differences are known.
        case goOn(untilCases: Int)
        case accept
        case reject
    }

    package let settings: RaceSettings

    package init(_ settings: RaceSettings) { self.settings = settings }

    /// The mean difference, and its standard error from a variance that is shrunk to the prior.
    package struct Standing: Hashable, Sendable {
        package let mean: Double
        package let standardError: Double
        package let cases: Int
    }

    package func standing(_ differences: [Double]) -> Standing {
        let n = Double(differences.count)
        guard n > 0 else { return Standing(mean: 0, standardError: .infinity, cases: 0) }
        let mean = differences.reduce(0, +) / n
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let prior = settings.priorDeviation * settings.priorDeviation
        let variance = (settings.priorWeight * prior + squares) / (settings.priorWeight + max(0, n - 1))
        return Standing(mean: mean, standardError: (variance / n).squareRoot(), cases: differences.count)
    }

    /// - Parameters:
    ///   - differences: of the cases so far, replicates averaged; a case without a score on both sides is left out.
    ///   - looked: places run so far, the ones left out included.
    ///   - cases: distinct cases among them; nil = as many as places.
    ///   - available: how many places the race could use at most.
    package func decide(_ differences: [Double], looked: Int, cases: Int? = nil, available: Int) -> Decision {
        let cases = cases ?? looked
        let limit = min(settings.maxCases, available)
        if looked < min(settings.firstLook, limit) { return .goOn(untilCases: min(settings.firstLook, limit)) }
        let now = standing(differences)
        // Too many cases without a score on both sides: what is left may be a choice of its own.
        let isCovered = Double(now.cases) >= 0.8 * Double(cases)
        if now.cases >= 2, isCovered {
            if now.mean > settings.acceptAbove * now.standardError { return .accept }
            if now.mean < settings.rejectBelow * now.standardError { return .reject }
        }
        if looked >= limit {
            return isCovered && now.cases >= min(settings.firstLook, limit, cases)
                && now.mean > settings.acceptAtEndAbove
                ? .accept : .reject
        }
        return .goOn(untilCases: min(limit, looked + settings.step))
    }
}
