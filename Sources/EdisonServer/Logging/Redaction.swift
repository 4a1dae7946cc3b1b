/// Takes out of a line of the log what must not stand in one, wherever it came from: the last fence, not the first.
package enum Redaction {
    private static let names = ["authorization", "cookie", "password", "secret", "token", "api_key", "apikey"]

    /// Whether what stands under such a name is left out whole.
    static func isSecret(name: String) -> Bool {
        let name = name.lowercased().replacing("-", with: "_")
        return names.contains { name.contains($0) }
    }

    /// Tokens and keys by their form, and passwords in addresses.
    package static func redacted(_ text: String) -> String {
        guard
            text.utf8.contains(where: {
                $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
                    || $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: " ")
            })
        else { return text }
        return text.replacing(/\b(edk|edr|edl|sk|pk|rk)[_\-][A-Za-z0-9_\-]{8,}/) { "\($0.output.1)…" }
            .replacing(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+\/=\-]{8,}/.ignoresCase()) { "\($0.output.1) …" }
            .replacing(/\beyJ[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]*/) { _ in "eyJ…" }
            .replacing(/(:\/\/[^\s:\/@]*):[^\s\/@]+@/) { "\($0.output.1):…@" }
    }
}
