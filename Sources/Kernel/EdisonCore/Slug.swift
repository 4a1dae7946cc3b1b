import Foundation

/// A slug from a name: `Müller & Co` becomes `muller-co`.
package enum Slug {
    package static func of(_ name: String) -> String {
        let plain = name.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars
            .filter { !(0x300...0x36F).contains($0.value) }
        var slug = ""
        for scalar in plain {
            if ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) {
                slug.unicodeScalars.append(scalar)
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
