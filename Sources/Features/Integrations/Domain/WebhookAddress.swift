import EdisonCore
import Foundation

/// The rules for an address that messages are sent to; where it leads is a question for `AddressPolicy`.
enum WebhookAddress {
    /// In words that follow the field's name; nil = it may be one.
    static func fault(of text: String) -> String? {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value > 32 && $0.value < 127 && $0 != "\\" }
        guard isPlain, let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), parts.host?.isEmpty == false
        else { return "must start with http:// or https:// and name a host" }
        if parts.user != nil || parts.password != nil { return "must not hold a user or a password" }
        if parts.fragment != nil { return "must not hold a #fragment" }
        if let port = parts.port, !(1...65_535).contains(port) { return "must have a port from 1 to 65535" }
        return nil
    }

    static func host(of text: String) -> String? { URLComponents(string: text)?.host }

    /// Scheme and host, and the last characters of a rest that is long enough to stay a secret.
    static func shown(_ text: String) -> String {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, let host = parts.host else {
            return "…"
        }
        let rest = text.count - scheme.count - host.count
        let end = rest >= 24 ? String(text.suffix(4)) : ""
        return "\(scheme)://\(host)\(parts.port.map { ":\($0)" } ?? "")/…\(end)"
    }
}
