package import EdisonCore
import EdisonDatasets
import EdisonStatistics

/// Where the best version differs from the first on the held-out cases: for exploration, never for the verdict.
package struct FacetDifference: Hashable, Sendable {
    /// With fewer cases a facet is shown, and no p-value.
    package static let fewestCases = 8
    /// The share of the facets called different that may be so by chance (Benjamini and Hochberg 1995).
    package static let falseDiscoveryRate = 0.10

    package let facet: String
    package let estimate: Estimate
    package let pValue: Double?
    /// Benjamini-Hochberg over the facets that have one.
    package let adjustedPValue: Double?

    package var isDifferent: Bool { (adjustedPValue ?? 1) <= Self.falseDiscoveryRate }

    package var json: JSONValue {
        [
            "difference": .number(estimate.mean), "interval": estimate.interval.json,
            "cases": .integer(Int64(estimate.cases)), "p_value": JSONValue(pValue),
            "adjusted_p_value": JSONValue(adjustedPValue), "different": .bool(isDifferent),
        ]
    }
}
