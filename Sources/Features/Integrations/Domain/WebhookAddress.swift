import EdisonLLM

/// An address that messages are sent to: whoever knows all of it can write there.
struct WebhookAddress {
    private let text: String
    private let address: WebAddress

    init(_ text: String) throws(WebAddress.Fault) {
        address = try WebAddress(text)
        if address.hasFragment { throw WebAddress.Fault(words: "must not hold a #fragment") }
        self.text = text
    }

    var host: String { address.host }

    /// Scheme and host, and the last characters of a rest that is long enough to stay a secret.
    var shown: String {
        let rest = text.count - address.scheme.count - address.host.count
        let end = rest >= 24 ? String(text.suffix(4)) : ""
        return "\(address.scheme)://\(address.host)\(address.port.map { ":\($0)" } ?? "")/…\(end)"
    }
}
