/// The intersection of all intervals so far and the least p-value: what may be reported after any number of looks.
struct RunningInterval {
    /// Nil before the first interval and once the intersection is empty.
    private(set) var interval: ConfidenceInterval?
    private(set) var p = 1.0
    /// The intervals no longer meet: the effect itself has changed under way.
    private(set) var hasDrifted = false

    mutating func add(_ next: ConfidenceInterval, p nextP: Double) {
        p = min(p, nextP)
        guard !hasDrifted else { return }
        let lower = max(interval?.lower ?? next.lower, next.lower)
        let upper = min(interval?.upper ?? next.upper, next.upper)
        hasDrifted = lower > upper
        interval = hasDrifted ? nil : ConfidenceInterval(lower: lower, upper: upper)
    }
}
