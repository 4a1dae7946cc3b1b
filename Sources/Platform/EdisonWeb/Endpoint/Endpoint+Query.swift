import EdisonCore
import HTTPTypes

extension Endpoint {
    /// Whether parameters that are not declared are refused: a filter that is misspelt would else be one that is left
    /// out, and `tgs=production` would serve the newest version. Pages and probes that are open to all take any.
    var refusesUnknownQuery: Bool {
        if case .open = access { method != .get } else { true }
    }

    func requireKnown(_ items: [String: String]) throws {
        guard refusesUnknownQuery else { return }
        let known = query.map(\.name)
        let unknown = items.keys.filter { !known.contains($0) }.sorted(by: bytewise)
        guard !unknown.isEmpty else { return }
        let words =
            known.isEmpty ? "is unknown: there are no parameters here" : "is unknown: \(known.joined(separator: ", "))"
        throw EdisonError(
            .invalid, "The query has a fault.", issues: unknown.map { FieldIssue(path: $0, message: words) })
    }
}
