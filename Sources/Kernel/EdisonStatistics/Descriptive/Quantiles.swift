/// Sample quantiles of type 7 (Hyndman and Fan 1996): linear between the order statistics around (n − 1) q, the
/// default of R and NumPy.
package enum Quantiles {
    /// The quantile of values in ascending order; nil without values or for q outside [0, 1].
    package static func ofSorted(_ sorted: some RandomAccessCollection<Double>, _ q: Double) -> Double? {
        guard !sorted.isEmpty, q >= 0, q <= 1 else { return nil }
        let position = Double(sorted.count - 1) * q
        let below = Int(position.rounded(.down))
        let low = sorted[sorted.index(sorted.startIndex, offsetBy: below)]
        guard below + 1 < sorted.count else { return low }
        let high = sorted[sorted.index(sorted.startIndex, offsetBy: below + 1)]
        let fraction = position - Double(below)
        if fraction == 0 || low == high { return low }
        // From the nearer end, so that the far end is never overshot.
        return fraction < 0.5 ? low + fraction * (high - low) : high - (1 - fraction) * (high - low)
    }

    package static func of(_ values: some Sequence<Double>, _ q: Double) -> Double? { ofSorted(values.sorted(), q) }

    package static func median(_ values: some Sequence<Double>) -> Double? { of(values, 0.5) }
}
