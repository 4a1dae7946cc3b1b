extension JSONValue {
    /// How a document is written.
    package enum Style: Sendable {
        /// No white space, keys in their order.
        case compact
        /// No white space, keys sorted by UTF-8 bytes: equal values give equal bytes, so it is what gets hashed.
        case canonical
        /// Two spaces a level, keys in their order: for files that people read.
        case pretty
    }

    /// The document as JSON text. NaN and infinities, which JSON cannot hold, are written as null.
    package func text(_ style: Style = .compact) -> String { String(decoding: bytes(style), as: UTF8.self) }

    /// The same as UTF-8.
    func bytes(_ style: Style) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(self, depth: 0)
        return writer.bytes
    }
}

private struct JSONWriter {
    let style: JSONValue.Style
    var bytes: [UInt8] = []

    init(style: JSONValue.Style) { self.style = style }

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let integer): append(String(integer))
        case .number(let number): append(text(of: number))
        case .string(let string): write(string)
        case .array(let elements):
            list(elements, open: "[", close: "]", depth: depth) { writer, element in
                writer.write(element, depth: depth + 1)
            }
        case .object(let object):
            list(members(of: object), open: "{", close: "}", depth: depth) { writer, member in
                writer.write(member.key)
                writer.append(writer.style == .pretty ? ": " : ":")
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private func members(of object: JSONObject) -> [JSONObject.Element] {
        guard style == .canonical, object.count > 1 else { return object.members }
        return object.members.sorted { bytewise($0.key, $1.key) }
    }

    private mutating func list<Element>(
        _ elements: [Element], open: String, close: String, depth: Int, each: (inout JSONWriter, Element) -> Void
    ) {
        append(open)
        for (index, element) in elements.enumerated() {
            if index > 0 { append(",") }
            newLine(depth + 1)
            each(&self, element)
        }
        if !elements.isEmpty { newLine(depth) }
        append(close)
    }

    private mutating func newLine(_ depth: Int) {
        guard style == .pretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: depth * 2))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// The shortest text that reads back as the same double; whole numbers keep their `.0`, except in canonical
    /// form, where 1 and 1.0 are the same number.
    private func text(of number: Double) -> String {
        guard number.isFinite else { return "null" }
        if style == .canonical, let whole = Int64(exactly: number) { return String(whole) }
        return "\(number)"
    }

    private mutating func write(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        let isWritten: Void? = string.utf8.withContiguousStorageIfAvailable { write($0) }
        if isWritten == nil { Array(string.utf8).withUnsafeBufferPointer { write($0) } }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Most texts have nothing to escape for long stretches, which are taken over whole.
    private mutating func write(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
            bytes.append(contentsOf: text[start..<index])
            escape(byte)
            start = index + 1
        }
        bytes.append(contentsOf: text[start...])
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x0C: append("\\f")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        default:
            append("\\u00")
            bytes.append(Hexadecimal.digit(byte >> 4))
            bytes.append(Hexadecimal.digit(byte & 0x0F))
        }
    }
}
