import EdisonCore
import EdisonTestKit

/// A call to a model as the server at the other end of the wire reads it.
struct WireCall: Sendable {
    let model: String
    let system: String
    /// The last user message.
    let user: String
    /// The name of the structured call; nil for an execution.
    let schema: String?
    let seed: Int
    /// How often the answer to this request was corrected before.
    let corrections: Int

    init?(_ request: WireServer.Request) {
        guard let body = try? JSONValue(parsing: request.body), let messages = body["messages"]?.array else {
            return nil
        }
        func text(_ role: String) -> String {
            messages.last { $0["role"]?.string == role }?["content"]?.string ?? ""
        }
        model = body["model"]?.string ?? ""
        system = text("system")
        user = text("user")
        schema = body["response_format"]?["json_schema"]?["name"]?.string
        seed = body["seed"]?.int ?? 0
        corrections = messages.count { $0["role"]?.string == "assistant" }
    }

    /// The content of a tagged section.
    subscript(tag: String) -> String? {
        guard let start = user.firstRange(of: "<\(tag)>\n"), let end = user.firstRange(of: "\n</\(tag)>"),
            start.upperBound <= end.lowerBound
        else { return nil }
        return String(user[start.upperBound..<end.lowerBound])
    }
}
