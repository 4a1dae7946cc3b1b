internal import Crypto

/// The SHA-256 of some content as 64 hexadecimal digits: the address of immutable things.
package struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(stored text: String) { self.text = text }

    package init(of bytes: some Sequence<UInt8>) {
        text = SHA256.hash(data: Array(bytes)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 2 ? digits : "0" + digits
        }.joined()
    }

    package init(of text: String) { self.init(of: text.utf8) }

    /// The hash of the canonical form, so that the order of keys does not matter.
    package init(of value: JSONValue) { self.init(of: value.text(.canonical).utf8) }

    package var description: String { text }
}
