/// XXH3 beyond 240 bytes: eight accumulators over stripes of 64 bytes, scrambled after each block.
extension XXH3 {
    static func long(_ input: Bytes, _ seed: UInt64) -> UInt64 {
        seeded(seed).withUnsafeBytes { secret in
            var lanes: [UInt64] = [
                prime32.2, prime64.0, prime64.1, prime64.2, prime64.3, prime32.1, prime64.4, prime32.0,
            ]
            let count = input.count
            let stripesPerBlock = (secret.count - 64) / 8
            let blockLength = 64 * stripesPerBlock
            let blocks = (count - 1) / blockLength
            for block in 0..<blocks {
                for stripe in 0..<stripesPerBlock {
                    accumulate(&lanes, input, block * blockLength + stripe * 64, secret, stripe * 8)
                }
                scramble(&lanes, secret)
            }
            let stripes = (count - 1 - blocks * blockLength) / 64
            for stripe in 0..<stripes {
                accumulate(&lanes, input, blocks * blockLength + stripe * 64, secret, stripe * 8)
            }
            accumulate(&lanes, input, count - 64, secret, secret.count - 64 - 7)
            var result = UInt64(count) &* prime64.0
            for pair in 0..<4 {
                let place = 11 + pair * 16
                result &+= fold(
                    lanes[pair * 2] ^ secret.word64(at: place), lanes[pair * 2 + 1] ^ secret.word64(at: place + 8))
            }
            return avalanche(result)
        }
    }

    private static func accumulate(
        _ lanes: inout [UInt64], _ input: Bytes, _ offset: Int, _ secret: Bytes, _ place: Int
    ) {
        for lane in 0..<8 {
            let word = input.word64(at: offset + lane * 8)
            let keyed = word ^ secret.word64(at: place + lane * 8)
            lanes[lane ^ 1] &+= word
            lanes[lane] &+= (keyed & 0xFFFF_FFFF) &* (keyed >> 32)
        }
    }

    private static func scramble(_ lanes: inout [UInt64], _ secret: Bytes) {
        for lane in 0..<8 {
            let word = lanes[lane] ^ lanes[lane] >> 47 ^ secret.word64(at: secret.count - 64 + lane * 8)
            lanes[lane] = word &* prime32.0
        }
    }

    /// The secret with the seed worked in: added to the even words, subtracted from the odd ones.
    private static func seeded(_ seed: UInt64) -> [UInt8] {
        if seed == 0 { return secret }
        return secret.withUnsafeBytes { secret in
            (0..<(secret.count / 8)).flatMap { index in
                let word = secret.word64(at: index * 8)
                let changed = index.isMultiple(of: 2) ? word &+ seed : word &- seed
                return (0..<8).map { UInt8(truncatingIfNeeded: changed >> UInt64($0 * 8)) }
            }
        }
    }

    /// The specification's default secret of 192 bytes, as little-endian words.
    static let secret: [UInt8] = secretWords.flatMap { word in
        (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
    }

    private static let secretWords: [UInt64] = [
        0xBE4B_A423_396C_FEB8, 0x1CAD_21F7_2C81_017C, 0xDB97_9083_E96D_D4DE, 0x1F67_B3B7_A4A4_4072,
        0x78E5_C0CC_4EE6_79CB, 0x2172_FFCC_7DD0_5A82, 0x8E24_43F7_7446_08B8, 0x4C26_3A81_E690_35E0,
        0xCB00_C391_BB52_283C, 0xA32E_531B_8B65_D088, 0x4EF9_0DA2_9748_6471, 0xD8AC_DEA9_46EF_1938,
        0x3F34_9CE3_3F76_FAA8, 0x1D4F_0BC7_C7BB_DCF9, 0x3159_B4CD_4BE0_518A, 0x6473_78D9_C97E_9FC8,
        0xC3EB_D334_83AC_C5EA, 0xEB63_13FA_FFA0_81C5, 0x49DA_F0B7_51DD_0D17, 0x9E68_D429_2655_16D3,
        0xFCA1_477D_58BE_162B, 0xCE31_D07A_D1B8_F88F, 0x2804_1695_8F3A_CB45, 0x7E40_4BBB_CAFB_D7AF,
    ]
}
