/// What so many more calls of one kind will take, guessed from those before: more than `most` or less than `least`
/// about once in forty times each, where calls are alike.
package struct CostRange: Hashable, Sendable {
    package let least: Double
    package let most: Double

    static let none = CostRange(least: 0, most: 0)

    init(least: Double, most: Double) {
        self.least = least
        self.most = most
    }

    /// Two standard errors of prediction around the mean, and never beyond as many of the smallest or the largest.
    ///
    /// - Parameter known: what each call before took; not empty.
    package init(of count: Double, like known: [Double]) {
        let n = Double(known.count)
        let mean = known.reduce(0, +) / n
        let (smallest, largest) = (known.min() ?? 0, known.max() ?? 0)
        let variance =
            known.count < 2 ? .infinity : known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        let error = 2 * (variance * (count + count * count / n)).squareRoot()
        least = max(count * smallest, count * mean - error)
        most = min(count * largest, count * mean + error)
    }

    static func + (left: CostRange, right: CostRange) -> CostRange {
        CostRange(least: left.least + right.least, most: left.most + right.most)
    }
}
