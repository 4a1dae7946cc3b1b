/// The 64-bit variant of XXH3 (Yann Collet, the published specification): the fastest of the hashes on long inputs.
package enum XXH3 {
    package static func hash64(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        bytes.withUnsafeBytes { input in
            secret.withUnsafeBytes { secret in
                switch input.count {
                case 0: XXHash.avalanche(seed ^ secret.word64(at: 56) ^ secret.word64(at: 64))
                case 1...3: upTo3(input, secret, seed)
                case 4...8: upTo8(input, secret, seed)
                case 9...16: upTo16(input, secret, seed)
                case 17...128: upTo128(input, secret, seed)
                case 129...240: upTo240(input, secret, seed)
                default: long(input, seed)
                }
            }
        }
    }

    typealias Bytes = UnsafeRawBufferPointer

    static let prime32 = (UInt64(0x9E37_79B1), UInt64(0x85EB_CA77), UInt64(0xC2B2_AE3D))
    static let prime64: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
        0x27D4_EB2F_1656_67C5
    )

    static func avalanche(_ word: UInt64) -> UInt64 {
        let word = (word ^ word >> 37) &* 0x1656_6791_9E37_79F9
        return word ^ word >> 32
    }

    /// Both halves of the 128-bit product, folded.
    static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.low ^ product.high
    }

    private static func mix16(_ input: Bytes, _ offset: Int, _ secret: Bytes, _ place: Int, _ seed: UInt64) -> UInt64 {
        fold(
            input.word64(at: offset) ^ (secret.word64(at: place) &+ seed),
            input.word64(at: offset + 8) ^ (secret.word64(at: place + 8) &- seed))
    }

    private static func upTo3(_ input: Bytes, _ secret: Bytes, _ seed: UInt64) -> UInt64 {
        let count = input.count
        let ends = UInt64(input[0]) << 16 | UInt64(input[count >> 1]) << 24
        let combined = ends | UInt64(input[count - 1]) | UInt64(count) << 8
        let flip = UInt64(secret.word32(at: 0) ^ secret.word32(at: 4)) &+ seed
        return XXHash.avalanche(combined ^ flip)
    }

    private static func upTo8(_ input: Bytes, _ secret: Bytes, _ seed: UInt64) -> UInt64 {
        let seed = seed ^ UInt64(UInt32(truncatingIfNeeded: seed).byteSwapped) << 32
        let first = UInt64(input.word32(at: 0))
        let last = UInt64(input.word32(at: input.count - 4))
        let flip = (secret.word64(at: 8) ^ secret.word64(at: 16)) &- seed
        var word = (last &+ first << 32) ^ flip
        word ^= word.rotated(left: 49) ^ word.rotated(left: 24)
        word = word &* 0x9FB2_1C65_1E98_DF25
        word ^= (word >> 35) &+ UInt64(input.count)
        word = word &* 0x9FB2_1C65_1E98_DF25
        return word ^ word >> 28
    }

    private static func upTo16(_ input: Bytes, _ secret: Bytes, _ seed: UInt64) -> UInt64 {
        let count = input.count
        let low = input.word64(at: 0) ^ ((secret.word64(at: 24) ^ secret.word64(at: 32)) &+ seed)
        let high = input.word64(at: count - 8) ^ ((secret.word64(at: 40) ^ secret.word64(at: 48)) &- seed)
        return avalanche(UInt64(count) &+ low.byteSwapped &+ high &+ fold(low, high))
    }

    private static func upTo128(_ input: Bytes, _ secret: Bytes, _ seed: UInt64) -> UInt64 {
        let count = input.count
        var sum = UInt64(count) &* prime64.0
        for step in (0...((count - 1) / 32)).reversed() {
            sum &+= mix16(input, step * 16, secret, step * 32, seed)
            sum &+= mix16(input, count - 16 * (step + 1), secret, step * 32 + 16, seed)
        }
        return avalanche(sum)
    }

    private static func upTo240(_ input: Bytes, _ secret: Bytes, _ seed: UInt64) -> UInt64 {
        let count = input.count
        var sum = UInt64(count) &* prime64.0
        for step in 0..<8 { sum &+= mix16(input, step * 16, secret, step * 16, seed) }
        sum = avalanche(sum)
        for step in 8..<(count / 16) { sum &+= mix16(input, step * 16, secret, (step - 8) * 16 + 3, seed) }
        sum &+= mix16(input, count - 16, secret, 136 - 17, seed)
        return avalanche(sum)
    }
}
