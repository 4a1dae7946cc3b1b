internal import Crypto

/// Where a unit (a session or a user) stands on the line that a test's arms divide.
///
/// The salt makes tests independent of each other. SHA-256 is in every language's standard library, so that any client
/// computes the same place; bytes are taken as they are, without normalising Unicode.
package struct UnitHash: Sendable, Hashable {
    /// The first 8 bytes of SHA-256(salt ":" unit), big-endian.
    package let value: UInt64

    package init(salt: String, unit: String) {
        var hasher = SHA256()
        hasher.update(data: Array((salt + ":" + unit).utf8))
        value = hasher.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The top 53 bits, an integer in [0, 2⁵³), which a double holds exactly.
    package var point: UInt64 { value >> 11 }
}
