/// The first generation of xxHash (Yann Collet, XXH32 and XXH64 of the published specification).
package enum XXHash {
    private static let prime32: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
        0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F, 0x1656_67B1
    )
    private static let prime64: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
        0x27D4_EB2F_1656_67C5
    )

    package static func hash32(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
        let prime = prime32
        return bytes.withUnsafeBytes { buffer in
            var offset = 0
            var hash: UInt32
            if buffer.count >= 16 {
                var lanes = (seed &+ prime.0 &+ prime.1, seed &+ prime.1, seed, seed &- prime.0)
                func round(_ lane: UInt32, _ word: UInt32) -> UInt32 {
                    (lane &+ word &* prime.1).rotated(left: 13) &* prime.0
                }
                while offset + 16 <= buffer.count {
                    lanes.0 = round(lanes.0, buffer.word32(at: offset))
                    lanes.1 = round(lanes.1, buffer.word32(at: offset + 4))
                    lanes.2 = round(lanes.2, buffer.word32(at: offset + 8))
                    lanes.3 = round(lanes.3, buffer.word32(at: offset + 12))
                    offset += 16
                }
                hash = lanes.0.rotated(left: 1) &+ lanes.1.rotated(left: 7)
                hash = hash &+ lanes.2.rotated(left: 12) &+ lanes.3.rotated(left: 18)
            } else {
                hash = seed &+ prime.4
            }
            hash &+= UInt32(truncatingIfNeeded: buffer.count)
            while offset + 4 <= buffer.count {
                hash = (hash &+ buffer.word32(at: offset) &* prime.2).rotated(left: 17) &* prime.3
                offset += 4
            }
            while offset < buffer.count {
                hash = (hash &+ UInt32(buffer[offset]) &* prime.4).rotated(left: 11) &* prime.0
                offset += 1
            }
            hash = (hash ^ hash >> 15) &* prime.1
            hash = (hash ^ hash >> 13) &* prime.2
            return hash ^ hash >> 16
        }
    }

    package static func hash64(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        let prime = prime64
        func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
            (lane &+ word &* prime.1).rotated(left: 31) &* prime.0
        }
        return bytes.withUnsafeBytes { buffer in
            var offset = 0
            var hash: UInt64
            if buffer.count >= 32 {
                var lanes = (seed &+ prime.0 &+ prime.1, seed &+ prime.1, seed, seed &- prime.0)
                while offset + 32 <= buffer.count {
                    lanes.0 = round(lanes.0, buffer.word64(at: offset))
                    lanes.1 = round(lanes.1, buffer.word64(at: offset + 8))
                    lanes.2 = round(lanes.2, buffer.word64(at: offset + 16))
                    lanes.3 = round(lanes.3, buffer.word64(at: offset + 24))
                    offset += 32
                }
                hash = lanes.0.rotated(left: 1) &+ lanes.1.rotated(left: 7)
                hash = hash &+ lanes.2.rotated(left: 12) &+ lanes.3.rotated(left: 18)
                for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
                    hash = (hash ^ round(0, lane)) &* prime.0 &+ prime.3
                }
            } else {
                hash = seed &+ prime.4
            }
            hash &+= UInt64(buffer.count)
            while offset + 8 <= buffer.count {
                hash = (hash ^ round(0, buffer.word64(at: offset))).rotated(left: 27) &* prime.0 &+ prime.3
                offset += 8
            }
            if offset + 4 <= buffer.count {
                let word = UInt64(buffer.word32(at: offset))
                hash = (hash ^ word &* prime.0).rotated(left: 23) &* prime.1 &+ prime.2
                offset += 4
            }
            while offset < buffer.count {
                hash = (hash ^ UInt64(buffer[offset]) &* prime.4).rotated(left: 11) &* prime.0
                offset += 1
            }
            return avalanche(hash)
        }
    }

    /// The finishing mix of XXH64, which XXH3 uses for its shortest inputs as well.
    static func avalanche(_ word: UInt64) -> UInt64 {
        var word = (word ^ word >> 33) &* prime64.1
        word = (word ^ word >> 29) &* prime64.2
        return word ^ word >> 32
    }
}
