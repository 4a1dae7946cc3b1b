/// MurmurHash3 (Austin Appleby): the hash of OpenFeature's flagd, for parity with splits that were made there.
package enum MurmurHash3 {
    /// The 32-bit variant for x86.
    package static func hash32(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { buffer in
            var hash = seed
            let blocks = buffer.count / 4
            for block in 0..<blocks {
                hash ^= scramble(buffer.word32(at: block * 4))
                hash = hash.rotated(left: 13) &* 5 &+ 0xE654_6B64
            }
            var tail: UInt32 = 0
            for index in (blocks * 4..<buffer.count).reversed() { tail = tail << 8 | UInt32(buffer[index]) }
            hash ^= scramble(tail)
            hash ^= UInt32(truncatingIfNeeded: buffer.count)
            hash = (hash ^ hash >> 16) &* 0x85EB_CA6B
            hash = (hash ^ hash >> 13) &* 0xC2B2_AE35
            return hash ^ hash >> 16
        }
    }

    private static func scramble(_ word: UInt32) -> UInt32 {
        (word &* 0xCC9E_2D51).rotated(left: 15) &* 0x1B87_3593
    }

    /// The 128-bit variant for x64; as one number it is `high << 64 | low`.
    package static func hash128(_ bytes: [UInt8], seed: UInt32 = 0) -> (high: UInt64, low: UInt64) {
        bytes.withUnsafeBytes { buffer in
            var low = UInt64(seed)
            var high = UInt64(seed)
            let blocks = buffer.count / 16
            for block in 0..<blocks {
                low ^= scrambleLow(buffer.word64(at: block * 16))
                low = (low.rotated(left: 27) &+ high) &* 5 &+ 0x52DC_E729
                high ^= scrambleHigh(buffer.word64(at: block * 16 + 8))
                high = (high.rotated(left: 31) &+ low) &* 5 &+ 0x3849_5AB5
            }
            var tail: (low: UInt64, high: UInt64) = (0, 0)
            for (place, index) in (blocks * 16..<buffer.count).enumerated() {
                let byte = UInt64(buffer[index])
                if place < 8 {
                    tail.low |= byte << UInt64(place * 8)
                } else {
                    tail.high |= byte << UInt64(place * 8 - 64)
                }
            }
            high ^= scrambleHigh(tail.high)
            low ^= scrambleLow(tail.low)
            low ^= UInt64(buffer.count)
            high ^= UInt64(buffer.count)
            low &+= high
            high &+= low
            low = finish(low)
            high = finish(high)
            low &+= high
            high &+= low
            return (high, low)
        }
    }

    private static func scrambleLow(_ word: UInt64) -> UInt64 {
        (word &* 0x87C3_7B91_1142_53D5).rotated(left: 31) &* 0x4CF5_AD43_2745_937F
    }

    private static func scrambleHigh(_ word: UInt64) -> UInt64 {
        (word &* 0x4CF5_AD43_2745_937F).rotated(left: 33) &* 0x87C3_7B91_1142_53D5
    }

    private static func finish(_ word: UInt64) -> UInt64 {
        var word = (word ^ word >> 33) &* 0xFF51_AFD7_ED55_8CCD
        word = (word ^ word >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return word ^ word >> 33
    }
}
