package import EdisonCore
import Foundation

extension Cursor {
    /// As an answer has it: with a few digits that show whether it comes from one, so that what somebody made up is
    /// refused and not taken for a place in a list.
    var opaque: String {
        let text = Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        return "\(text.replacing("=", with: "")).\(Self.check(self.text))"
    }

    /// nil: it comes from no answer.
    init?(opaque: String) {
        let parts = opaque.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        var base = String(parts[0]).replacing("-", with: "+").replacing("_", with: "/")
        while base.count % 4 != 0 { base += "=" }
        guard let data = Data(base64Encoded: base), let text = String(data: data, encoding: .utf8),
            parts[1] == Self.check(text)
        else { return nil }
        self.init(text)
    }

    private static func check(_ text: String) -> String { String(ContentHash(of: "cursor \(text)").text.prefix(8)) }
}

extension FieldType where Value == Cursor {
    /// `next_cursor` of a page.
    package static let cursor = FieldType(
        schema: ["type": "string", "minLength": 1, "maxLength": 1_000], sample: Cursor("")
    ) { json, path, issues in
        json.string.flatMap { Cursor(opaque: $0) }
            ?? fault("must be the next_cursor of a page of this list", path, &issues)
    }
}
