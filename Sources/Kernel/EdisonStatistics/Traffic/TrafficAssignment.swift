/// Which arm a unit gets, and whether it takes part at all.
///
/// The two decisions use two salts: one hash for both would hand the participants' low points to the first arm.
package struct TrafficAssignment: Sendable {
    package let hash: UnitHash
    package let isInTraffic: Bool
    /// The index of the arm; nil for a unit outside the traffic.
    package let arm: Int?

    /// - Parameters:
    ///   - unit: must not be empty, or everybody without an id would land in one arm.
    ///   - weights: see ``TrafficSplit``.
    ///   - traffic: the share of units that take part, from 0 (nobody) to 1 (everybody).
    /// - Returns: nil for input that is not valid.
    package init?(salt: String, unit: String, weights: [Double], traffic: Double = 1) {
        guard !unit.isEmpty, traffic >= 0, traffic <= 1, let split = TrafficSplit(weights: weights) else { return nil }
        hash = UnitHash(salt: salt, unit: unit)
        let limit = UInt64((traffic * Double(TrafficSplit.length)).rounded(.up))
        isInTraffic = limit == TrafficSplit.length || UnitHash(salt: salt, unit: "traffic:" + unit).point < limit
        arm = isInTraffic ? split.arm(at: hash.point) : nil
    }
}
