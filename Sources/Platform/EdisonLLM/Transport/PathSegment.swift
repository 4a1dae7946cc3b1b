/// Puts a name that others gave into an address, so that it stays one part of the path whatever it holds.
enum PathSegment {
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

    /// Percent-encoded, but for the unreserved characters of RFC 3986.
    static func encoded(_ text: String, keeping kept: String = "") -> String {
        // As a whole segment these would lead elsewhere.
        if text == "." || text == ".." { return text.replacing(".", with: "%2E") }
        return text.utf8.reduce(into: "") { result, byte in
            if plain.contains(byte) || kept.utf8.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
    }
}
