import Foundation

/// The rules for an address that others give; where it leads is a question for `AddressPolicy`.
enum ProviderAddress {
    /// In words that follow the field's name; nil = it may be one.
    static func fault(of text: String) -> String? {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value > 32 && $0.value < 127 && $0 != "\\" }
        guard isPlain, let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), parts.host?.isEmpty == false
        else { return "must start with http:// or https:// and name a host" }
        if parts.user != nil || parts.password != nil || text.contains("@") {
            return "must not hold a user or a password: give the key as api_key"
        }
        if parts.query != nil || parts.fragment != nil { return "must end with its path: give the rest as query" }
        if let port = parts.port, !(1...65_535).contains(port) { return "must have a port from 1 to 65535" }
        return nil
    }

    static func host(of text: String) -> String? { URLComponents(string: text)?.host }
}
