import EdisonCore
import HTTPTypes

extension InputDescription {
    /// Refuses bytes of a media type that the endpoint does not read.
    func check(_ contentType: String?) throws {
        let given = (contentType ?? "").split(separator: ";").first.map { $0.lowercased().filter { $0 != " " } } ?? ""
        let possible: [String]
        switch self {
        case .none: return
        case .json: possible = ["application/json"]
        case .raw(let types, _): possible = types
        }
        if possible.contains(given) || possible.contains("*/*") { return }
        throw EdisonError(
            .invalid, given.isEmpty ? "The body has no Content-Type." : "The body is \(given).",
            detail: "Possible is \(possible.joined(separator: ", ")).", underlying: HTTPStatus(.unsupportedMediaType))
    }
}
