import Foundation

/// The rules for an address that others give; where it leads is a question for `AddressPolicy`.
package struct WebAddress: Sendable {
    /// Why a text is none, in words that follow the field's name.
    package struct Fault: Error, Hashable, Sendable {
        package let words: String

        package init(words: String) { self.words = words }
    }

    package let scheme: String
    package let host: String
    package let port: Int?
    package let hasQuery: Bool
    package let hasFragment: Bool

    package init(_ text: String) throws(Fault) {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value > 32 && $0.value < 127 && $0 != "\\" }
        guard isPlain, let parts = URLComponents(string: text), let scheme = parts.scheme,
            ["http", "https"].contains(scheme.lowercased()), let host = parts.host, !host.isEmpty
        else { throw Fault(words: "must start with http:// or https:// and name a host") }
        if parts.user != nil || parts.password != nil { throw Fault(words: "must not hold a user or a password") }
        if let port = parts.port, !(1...65_535).contains(port) {
            throw Fault(words: "must have a port from 1 to 65535")
        }
        self.scheme = scheme
        self.host = host
        port = parts.port
        hasQuery = parts.query != nil
        hasFragment = parts.fragment != nil
    }
}
