import Foundation

/// A slug from a name: `Müller & Co` becomes `muller-co`.
package enum Slug {
    /// Letters of Latin scripts that are no letter with a mark.
    private static let letters: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
    ]

    package static func of(_ name: String) -> String {
        let plain = name.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars
            .filter { !(0x300...0x36F).contains($0.value) }
        var slug = ""
        for scalar in plain {
            if ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) {
                slug.unicodeScalars.append(scalar)
            } else if let letters = letters[scalar] {
                slug += letters
            } else if !slug.isEmpty, !slug.hasSuffix("-") {
                slug += "-"
            }
        }
        let cut = String(slug.prefix(50)).trimmingHyphens
        return cut.isEmpty ? "unnamed" : cut
    }
}

extension String {
    fileprivate var trimmingHyphens: String {
        var text = self
        while text.hasSuffix("-") { text.removeLast() }
        return text
    }
}
