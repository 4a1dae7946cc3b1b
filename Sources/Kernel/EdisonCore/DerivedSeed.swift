internal import Crypto

/// A seed made from another seed and a description of its use, so that no two uses share a random stream and no
/// stream depends on the order in which calls are made or answered.
///
/// The value is the first eight bytes, big-endian, of SHA-256 over the seed and the parts, each written as
/// `length:bytes`, which keeps ("ab", "c") and ("a", "bc") apart.
package struct DerivedSeed: Hashable, Sendable {
    package let value: UInt64

    package init(_ seed: UInt64, _ parts: [String]) {
        var bytes: [UInt8] = []
        for part in [String(seed)] + parts {
            bytes.append(contentsOf: String(part.utf8.count).utf8)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(contentsOf: part.utf8)
        }
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        value = hash.finalize().withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    }

    package init(_ seed: UInt64, _ parts: String...) { self.init(seed, parts) }

    /// What providers take: their seed parameters are signed, and some keep 53 or 31 bits only.
    package var providerSeed: Int { Int(value >> 33) }
}
