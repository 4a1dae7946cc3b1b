import Foundation
import Testing

/// The checksum that `sha256sum` prints (FIPS 180-4), so that this target needs nothing that others wrote.
enum SHA256 {
    static func hex(_ data: Data) -> String {
        var bytes = Array(data)
        let length = UInt64(bytes.count) * 8
        bytes.append(0x80)
        while bytes.count % 64 != 56 { bytes.append(0) }
        bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
        var state = initial
        for start in stride(from: 0, to: bytes.count, by: 64) { mix(bytes[start..<start + 64], into: &state) }
        return state.map { String($0 + 0x1_0000_0000, radix: 16).suffix(8) }.joined()
    }

    private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt64]) {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { start in
            block[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let (early, late) = (words[index - 15], words[index - 2])
            let first = turned(early, 7) ^ turned(early, 18) ^ early >> 3
            let second = turned(late, 17) ^ turned(late, 19) ^ late >> 10
            words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
        }
        var (a, b, c, d) = (UInt32(state[0]), UInt32(state[1]), UInt32(state[2]), UInt32(state[3]))
        var (e, f, g, h) = (UInt32(state[4]), UInt32(state[5]), UInt32(state[6]), UInt32(state[7]))
        for index in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let first =
                h &+ (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) &+ choice &+ constants[index] &+ words[index]
            let second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) &+ majority
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
        }
        for (index, word) in [a, b, c, d, e, f, g, h].enumerated() {
            state[index] = (state[index] + UInt64(word)) & 0xFFFF_FFFF
        }
    }

    private static func turned(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    /// The first 32 bits of the fractional parts of roots of the first primes: square roots to start from, cube roots
    /// for the rounds. A double holds them exactly enough: 52 bits, of which at most 5 stand before the point.
    private static let primes = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }
    private static let initial = primes.prefix(8).map { UInt64(fraction($0, root: sqrt(Double($0)))) }
    private static let constants = primes.map { fraction($0, root: cbrt(Double($0))) }

    private static func fraction(_ prime: Int, root: Double) -> UInt32 {
        UInt32((root - root.rounded(.down)) * 0x1p32)
    }
}

@Suite("Checksums")
struct SHA256Tests {
    @Test(
        "the checksum is the one that the standard gives",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func standard(text: String, sum: String) {
        #expect(SHA256.hex(Data(text.utf8)) == sum)
    }
}
