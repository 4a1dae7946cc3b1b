import EdisonCore
import Foundation
import HummingbirdCore

/// Path and query of a request, with the escapes undone once.
struct RequestTarget {
    let segments: [String]
    let query: [String: String]

    /// nil: an escape is broken, or a part would change the path.
    init?(_ uri: URI) {
        var segments: [String] = []
        for part in uri.path.split(separator: "/", omittingEmptySubsequences: true) {
            guard let text = part.contains("%") ? part.removingPercentEncoding : String(part), !text.isEmpty,
                text != ".", text != "..", !text.contains("\0"),
                text.utf8.count <= 1_000
            else { return nil }
            segments.append(text)
        }
        var query: [String: String] = [:]
        for part in (uri.query ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(pair[0]), let value = Self.decoded(pair.count > 1 ? pair[1] : ""),
                !name.contains("\0"), !value.contains("\0")
            else { return nil }
            query[name] = value
        }
        self.segments = segments
        self.query = query
    }

    /// In a query and in a form, and only there, a plus stands for a space.
    static func decoded(_ text: some StringProtocol) -> String? {
        text.contains("%") || text.contains("+")
            ? String(text).replacing("+", with: " ").removingPercentEncoding : String(text)
    }
}
