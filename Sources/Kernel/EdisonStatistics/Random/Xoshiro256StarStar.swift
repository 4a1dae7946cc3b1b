/// xoshiro256** of Blackman and Vigna (2018): the random source of every resampling, so that a seed gives the same
/// numbers on every machine and in every version.
package struct Xoshiro256StarStar: RandomNumberGenerator, Sendable, Hashable {
    private var first: UInt64
    private var second: UInt64
    private var third: UInt64
    private var fourth: UInt64

    /// Fills the state with four outputs of SplitMix64, as its authors advise.
    package init(seed: UInt64) {
        var spread = SplitMix64(seed: seed)
        first = spread.next()
        second = spread.next()
        third = spread.next()
        fourth = spread.next()
    }

    package mutating func next() -> UInt64 {
        let product = second &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = second << 17
        third ^= first
        fourth ^= second
        second ^= third
        first ^= fourth
        third ^= shifted
        fourth = fourth << 45 | fourth >> 19
        return result
    }
}
