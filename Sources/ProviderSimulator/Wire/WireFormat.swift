internal import EdisonCore

/// One provider's wire format: how a request is read and how an answer, a stream and an error are written.
protocol WireFormat: Sendable {
    /// As the log names it.
    var name: String { get }
    var streamType: String { get }

    func read(_ body: JSONValue, path: String) throws(WireFault) -> SimulatedRequest
    func whole(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> JSONValue
    /// The frames of a stream in their order, each ready to be sent.
    func frames(_ answer: SimulatedAnswer, of request: SimulatedRequest, id: ResponseID) -> [String]
    /// What of a frame goes over the wire.
    func bytes(of frame: String) -> [UInt8]
    func error(_ fault: WireFault) -> JSONValue
}

/// A refusal in no wire format yet.
struct WireFault: Error, Sendable {
    enum Kind: Sendable {
        case invalid, unauthenticated, notFound, rateLimited, server, unavailable, overloaded, timeOut
    }

    let kind: Kind
    let status: Int
    let message: String
    /// The code that OpenAI gives; others have none.
    var code: String?

    static func invalid(_ message: String, code: String? = nil) -> WireFault {
        WireFault(kind: .invalid, status: 400, message: message, code: code)
    }
}

/// What makes one response different from the next: derived from the request's bytes and its place in the log.
struct ResponseID: Sendable {
    let text: String
    /// Unix seconds.
    let created: Int64
    let time: Timestamp
}

extension WireFormat {
    func bytes(of frame: String) -> [UInt8] { Array(frame.utf8) }
    func sse(_ value: JSONValue) -> String { "data: \(value.text())\n\n" }
    func sse(event: String, _ value: JSONValue) -> String { "event: \(event)\ndata: \(value.text())\n\n" }
}

/// The text of a message's content: a string, or parts of which only the text ones count.
enum MessageContent {
    static func text(_ content: JSONValue?) -> String {
        if let text = content?.string { return text }
        return (content?.array ?? []).compactMap { part in
            part["text"]?.string ?? part["refusal"]?.string
                ?? (part["type"]?.string == "tool_result" ? text(part["content"]) : nil)
        }.joined(separator: "\n")
    }
}
