import EdisonCore
import EdisonLLM

/// What a server that refuses a request has said of it, and what a person can do.
struct ServerRefusal {
    private let status: Int
    private let problem: JSONValue

    init(_ status: Int, _ body: [UInt8]) {
        self.status = status
        problem = (try? JSONValue(parsing: body)) ?? .null
    }

    func error(_ address: String) -> EdisonError {
        guard problem["code"]?.string != nil else {
            return status == 404 || status < 400 || status == 405
                ? Self.isNoServer(address)
                : EdisonError(.unavailable, "The server at \(address) answers \(status).", detail: "Try again later.")
        }
        let words = problem["error"]?.string ?? "The server refuses the request."
        let advice = problem["detail"]?.string.flatMap { $0 == words ? nil : $0 }
        switch status {
        case 401:
            return EdisonError(
                .unauthenticated, "The server at \(address) does not take this key.",
                detail: "It has ended, was revoked, or is of another server. Set EDISON_API_KEY to one that is valid.")
        case 403:
            return EdisonError(
                .forbidden, "The server at \(address) does not let this key do that: \(words)",
                detail: advice ?? "Use a key with the scope for it, whose maker has the role.")
        case 404 where words == "There is nothing at this address.":
            return EdisonError(
                .unavailable, "The server at \(address) does not know what this program asks for.",
                detail: "It is of another version than this program (\(edisonVersion)): bring both to the same.")
        case 404:
            return EdisonError(
                .notFound, "The server at \(address) has no such thing for this key: \(words)",
                detail: "See that --project names a project of the key's organization.")
        case 422 where issues.contains { $0.message.contains("is not known") }:
            return EdisonError(
                .invalid, "The server at \(address) does not take a part of the request.",
                detail: "It may be of another version than this program (\(edisonVersion)).", issues: issues)
        case 429, 503: return EdisonError(.limited, "\(words)", detail: advice ?? "Try again later.")
        case 500...: return EdisonError(.unavailable, "The server at \(address) failed: \(words)", detail: requestID)
        default: return EdisonError(code, words, detail: advice, issues: issues)
        }
    }

    private var code: EdisonError.Code { problem["code"]?.string.flatMap(EdisonError.Code.init(rawValue:)) ?? .invalid }

    private var issues: [FieldIssue] {
        (problem["issues"]?.array ?? []).map {
            FieldIssue(path: $0["path"]?.string ?? "", message: $0["message"]?.string ?? "")
        }
    }

    /// Finds the request in the server's log.
    private var requestID: String? { problem["request_id"]?.string.map { "In its log it is the request \($0)." } }

    static func unreachable(_ address: String, _ failure: ProviderFailure) -> EdisonError {
        EdisonError(
            .unavailable, "No server answers at \(address): \(failure.message).",
            detail: "Is the address right, and does it run? Start one with: edison serve")
    }

    static func isNoServer(_ address: String) -> EdisonError {
        EdisonError(
            .unavailable, "What answers at \(address) is no server of Edison.",
            detail: "--server wants the address that edison serve prints, without what follows the port.")
    }
}
