package import EdisonCore

/// When a message that did not arrive is tried again, as Standard Webhooks proposes: ten attempts, the last one after a little more than three
/// days.
package enum DeliverySchedule {
    /// Before the attempt that follows each failure.
    static let waits: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1_800), .seconds(7_200), .seconds(18_000), .seconds(36_000),
        .seconds(50_400), .seconds(72_000), .seconds(86_400),
    ]

    /// nil: it is given up.
    ///
    /// - Parameters:
    ///   - failures: from 1.
    ///   - asked: the least wait that the receiver wants.
    ///   - random: from 0 to 1; waits are up to a tenth longer by it, so that what failed together does not come
    ///     back together.
    static func wait(after failures: Int, asked: Duration?, random: Double) -> Duration? {
        guard waits.indices.contains(failures - 1) else { return nil }
        return max(waits[failures - 1] * (1 + random / 10), min(asked ?? .zero, .seconds(86_400)))
    }
}
