import EdisonCore
import EdisonWeb

/// A problem as people read it.
struct ErrorModel: Sendable {
    let head: PageHead
    let icons: String
    let message: String
    let detail: String?
    let requestID: String

    init(_ problem: Problem, _ head: PageHead) {
        self.head = head
        icons = head.icons
        let text = problem.json["error"]?.string ?? "Something went wrong."
        let more = problem.json["detail"]?.string
        message = text
        detail = more == text ? nil : more
        requestID = problem.json["request_id"]?.string ?? ""
    }

    static func title(_ problem: Problem) -> String { "\(problem.json["title"]?.string ?? "Error") · Edison" }
}
