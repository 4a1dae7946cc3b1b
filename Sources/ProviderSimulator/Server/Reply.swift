internal import EdisonCore
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// An error status that a fault stands for; nil for faults that spoil an answer instead of refusing it.
struct Refusal: Sendable {
    let status: Int
    let wire: WireFault

    init?(_ fault: Fault) {
        let parts: (WireFault.Kind, Int, String)? =
            switch fault {
            case .rateLimited: (.rateLimited, 429, "Rate limit reached. Please try again later.")
            case .serverError: (.server, 500, "The server had an error while processing your request.")
            case .unavailable: (.unavailable, 503, "The service is unavailable.")
            case .overloaded: (.overloaded, 529, "Overloaded")
            case .timeOut: (.timeOut, 504, "The request timed out.")
            case .refusedKey: (.unauthenticated, 401, "Incorrect API key provided.")
            case .slowStream, .slowAnswer, .cutStream, .dropped, .malformedAnswer, .malformedBody, .emptyAnswer: nil
            }
        guard let parts else { return nil }
        status = parts.1
        wire = WireFault(kind: parts.0, status: parts.1, message: parts.2)
    }
}

/// Builds HTTP responses; every one says that it is simulated.
enum Reply {
    /// In how many a slow answer comes.
    private static let pieces = 20

    /// Ends a response in the middle: the server closes the connection without finishing it.
    private struct Cut: Error {}

    private static func headers(_ type: String) -> HTTPFields {
        [.contentType: type, .simulated: "true", .xRequestID: "req_simulated", .requestID: "req_simulated"]
    }

    static func json(_ value: JSONValue, status: Int = 200) -> Response {
        Response(
            status: .init(code: status), headers: headers("application/json"),
            body: ResponseBody(byteBuffer: ByteBuffer(string: value.text())))
    }

    static func refusal(_ refusal: Refusal, rule: FaultPlan.Rule, format: any WireFormat) -> Response {
        var response = json(format.error(refusal.wire), status: refusal.status)
        if refusal.status == 429 || refusal.status == 503 || refusal.status == 529 {
            let whole = rule.retryAfter.rounded()
            response.headers[.retryAfter] = whole == rule.retryAfter ? String(Int(whole)) : String(rule.retryAfter)
        }
        if refusal.status == 429 { rateHeaders(into: &response.headers, format: format, reset: rule.retryAfter) }
        return response
    }

    private static func rateHeaders(into headers: inout HTTPFields, format: any WireFormat, reset: Double) {
        let isAnthropic = format is AnthropicFormat
        let prefix = isAnthropic ? "anthropic-ratelimit-requests-" : "x-ratelimit-"
        let suffix = isAnthropic ? "" : "-requests"
        let resetText =
            isAnthropic
            ? Timestamp.now.advanced(by: .milliseconds(Int64(reset * 1_000))).rfc3339 : "\(Int(reset * 1_000))ms"
        for (part, value) in [("limit", "60"), ("remaining", "0"), ("reset", resetText)] {
            if let name = HTTPField.Name("\(prefix)\(part)\(suffix)") { headers[name] = value }
        }
    }

    static func whole(_ value: JSONValue, rule: FaultPlan.Rule?) -> Response {
        let text = value.text()
        switch rule?.fault {
        case .malformedBody:
            let half = ByteBuffer(bytes: text.utf8.prefix(text.utf8.count / 2))
            return Response(status: .ok, headers: headers("application/json"), body: ResponseBody(byteBuffer: half))
        case .cutStream:
            let half = ByteBuffer(bytes: text.utf8.prefix(text.utf8.count / 2))
            return Response(
                status: .ok, headers: headers("application/json"),
                body: ResponseBody(contentLength: text.utf8.count) { writer in
                    try await writer.write(half)
                    throw Cut()
                })
        case .slowAnswer:
            let bytes = Array(text.utf8)
            let size = max(1, bytes.count / pieces)
            let pause = (rule?.duration ?? .zero) / pieces
            return Response(
                status: .ok, headers: headers("application/json"),
                body: ResponseBody(contentLength: bytes.count) { writer in
                    for start in stride(from: 0, to: bytes.count, by: size) {
                        try await Pause.sleep(for: pause)
                        try await writer.write(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
                    }
                    try await writer.finish(nil)
                })
        default: return json(value)
        }
    }

    /// - Parameter pace: waited between frames; a slow stream waits as its rule says.
    static func stream(
        _ frames: [String], format: any WireFormat, pace: Duration, rule: FaultPlan.Rule?
    ) -> Response {
        let pause =
            switch rule?.fault {
            case .slowStream: rule?.duration ?? pace
            case .slowAnswer: (rule?.duration ?? pace) / max(1, frames.count - 1)
            default: pace
            }
        let isCut = rule?.fault == .cutStream
        let isSpoilt = rule?.fault == .malformedBody
        var fields = headers(format.streamType)
        fields[.cacheControl] = "no-cache"
        return Response(
            status: .ok, headers: fields,
            body: ResponseBody { writer in
                for (index, frame) in frames.enumerated() {
                    if index > 0 { try await Pause.sleep(for: pause) }
                    if isCut, index >= max(1, frames.count / 2) { throw Cut() }
                    let text =
                        isSpoilt && index == frames.count / 2 ? String(frame.dropLast(frame.count / 2)) + "\n\n" : frame
                    try await writer.write(ByteBuffer(bytes: format.bytes(of: text)))
                }
                try await writer.finish(nil)
            })
    }
}
