internal import Crypto

/// The SHA-256 of some content as 64 hexadecimal digits: the address of immutable things.
package struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(stored text: String) { self.text = text }

    package init(of bytes: [UInt8]) {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        text = hash.finalize().withUnsafeBytes(Hexadecimal.text)
    }

    package init(of text: String) { self.init(of: Array(text.utf8)) }

    /// The hash of the canonical form, so that the order of keys does not matter.
    package init(of value: JSONValue) { self.init(of: value.bytes(.canonical)) }

    package var description: String { text }
}
