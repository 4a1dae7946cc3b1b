/// Where a resample takes its indices from; a statistic draws and adds in one loop, without a matrix of indices.
protocol IndexSource {
    /// The next index below a bound.
    mutating func index(below bound: Int) -> Int
}

/// Indices from the generator: the high word of a product. Its bias is below bound/2⁶⁴, far less than resampling shows.
struct RandomIndices: IndexSource {
    private var generator: Xoshiro256StarStar

    init(seed: UInt64) { generator = Xoshiro256StarStar(seed: seed) }

    @inline(__always)
    mutating func index(below bound: Int) -> Int {
        Int(truncatingIfNeeded: generator.next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
    }
}

/// One given resample.
struct GivenIndices: IndexSource {
    let indices: [Int]
    var position = 0

    init(_ indices: [Int]) { self.indices = indices }

    mutating func index(below bound: Int) -> Int {
        defer { position += 1 }
        return indices[position % indices.count]
    }
}
