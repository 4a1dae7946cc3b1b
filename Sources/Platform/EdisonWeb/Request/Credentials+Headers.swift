import EdisonCore
import HTTPTypes

extension Credentials {
    /// The name of the cookie that a page's session stands in.
    package static let cookieName = "edison_session"

    init(_ method: HTTPRequest.Method, _ headers: HTTPFields) {
        let scheme = "bearer "
        let authorization = headers[.authorization] ?? ""
        let bearer =
            authorization.lowercased().hasPrefix(scheme)
            ? String(authorization.dropFirst(scheme.count).trimmingPrefix(while: { $0 == " " })) : nil
        var cookie: String?
        for pair in (headers[.cookie] ?? "").split(separator: ";") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            if sides.count == 2, sides[0].trimmingPrefix(while: { $0 == " " }) == Self.cookieName {
                cookie = String(sides[1])
            }
        }
        // A header that is no bearer token is not silently ignored: whoever sends it means to be known.
        self.init(
            bearer: bearer ?? (authorization.isEmpty ? nil : ""), cookie: cookie,
            csrf: headers[HTTPField.Name("X-CSRF-Token")!], isSafe: [.get, .head, .options].contains(method),
            isFromOwnPage: headers.isFromOwnPage ?? false)
    }

    /// Whether a program asks: it says so, or shows what no browser does.
    func asksForJSON(_ headers: HTTPFields) -> Bool {
        bearer != nil || (headers[.accept] ?? "").lowercased().contains("application/json")
    }
}
