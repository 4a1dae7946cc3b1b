import Mustache

/// Escapes by Unicode scalar. The library's own escaping goes by `Character`, which is what a person takes for one
/// letter, and lets a `<` through that stands behind a scalar such as U+0600, since the two make one `Character`.
struct HTMLEscaping: MustacheContentType {
    /// Stands before every template, since a partial goes back to the library's own escaping.
    static let pragma: String = {
        MustacheContentTypes.register(HTMLEscaping(), named: "ESCAPED_HTML")
        return "{{% CONTENT_TYPE:ESCAPED_HTML}}"
    }()

    func escapeText(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;".unicodeScalars
            case "<": escaped += "&lt;".unicodeScalars
            case ">": escaped += "&gt;".unicodeScalars
            case "\"": escaped += "&quot;".unicodeScalars
            case "'": escaped += "&#39;".unicodeScalars
            case "\n", "\t", "\r": escaped.append(scalar)
            // HTML knows no other control characters.
            case _ where scalar.value < 32 || (127...159).contains(scalar.value): escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
