/// One event of a `text/event-stream`.
package struct SSEEvent: Sendable, Hashable {
    package var event: String?
    package var data: String

    package init(event: String? = nil, data: String) {
        self.event = event
        self.data = data
    }
}

/// Reads `text/event-stream` (WHATWG HTML, section 9.2) from chunks that may be cut anywhere, inside a character too.
package struct SSEParser: Sendable {
    private var lines = LineSplitter(alsoCR: true)
    private var event: String?
    private var data: [String] = []
    private var isFirstLine = true

    package init() {}

    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [SSEEvent] {
        lines.feed(bytes).compactMap { line($0) }
    }

    /// A last event that no blank line closed: some servers end so.
    package mutating func finish() -> [SSEEvent] {
        let rest = lines.finish().flatMap { line($0) }
        return [rest, line([])].compactMap(\.self)
    }

    private mutating func line(_ bytes: [UInt8]) -> SSEEvent? {
        var bytes = bytes[...]
        if isFirstLine {
            isFirstLine = false
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        }
        if bytes.isEmpty {
            defer {
                event = nil
                data = []
            }
            return data.isEmpty ? nil : SSEEvent(event: event, data: data.joined(separator: "\n"))
        }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        var value = colon == bytes.endIndex ? [] : bytes[(colon + 1)...]
        if value.first == 0x20 { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: bytes[..<colon], as: UTF8.self) {
        case "event": event = text
        case "data": data.append(text)
        default: break
        }
        return nil
    }
}
