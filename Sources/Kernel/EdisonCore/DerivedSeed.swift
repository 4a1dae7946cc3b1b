internal import Crypto

/// A seed made from another seed and a description of its use, so that no two uses share a random stream and no
/// stream depends on the order in which calls are made or answered.
///
/// The value is the first eight bytes, big-endian, of SHA-256 over the seed and the parts, each written as
/// `length:bytes`, which keeps ("ab", "c") and ("a", "bc") apart.
package struct DerivedSeed: Hashable, Sendable {
    package let value: UInt64

    package init(_ seed: UInt64, _ parts: [String]) {
        var hash = SHA256()
        for part in [String(seed)] + parts {
            hash.update(data: Array("\(part.utf8.count):".utf8))
            hash.update(data: Array(part.utf8))
        }
        value = hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    package init(_ seed: UInt64, _ parts: String...) { self.init(seed, parts) }

    /// What providers take: their seed parameters are signed, and some keep 53 or 31 bits only.
    package var providerSeed: Int { Int(value >> 33) }
}
