package import EdisonCore

/// Finds the JSON object in what a model wrote: bare, inside a fence, after its thinking, or with prose around it.
///
/// Nothing is guessed: the only fault that is mended is a comma before a closing bracket, which can mean one thing
/// only.
package enum StructuredAnswer {
    /// nil when there is no object. Of several, the first that fits `schema`, else the first.
    package static func json(in text: String, fitting schema: JSONSchema? = nil) -> JSONValue? {
        let bytes = Array(withoutThinking(text).utf8)
        var first: JSONValue?
        var start = 0
        var tries = 0
        while tries < 200, let open = bytes[start...].firstIndex(of: UInt8(ascii: "{")) {
            tries += 1
            start = open + 1
            guard let close = end(ofObjectAt: open, in: bytes), let value = object(bytes[open...close]) else {
                continue
            }
            if schema.map({ $0.faults(in: value).isEmpty }) ?? true { return value }
            first = first ?? value
            start = close + 1
        }
        return first
    }

    /// Reads an answer and checks it against its schema. The failure's words are meant for the model.
    package static func read(_ text: String, _ schema: JSONSchema) -> Result<JSONValue, Fault> {
        guard let answer = json(in: text, fitting: schema) else {
            return .failure(Fault(description: "the answer holds no JSON object"))
        }
        let faults = schema.faults(in: answer)
        if faults.isEmpty { return .success(answer) }
        let rest = faults.count > 8 ? "; and \(faults.count - 8) more" : ""
        return .failure(Fault(description: faults.prefix(8).joined(separator: "; ") + rest))
    }

    /// Why an answer can't be used.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// Models that think aloud do so before the answer, and may try objects there.
    private static func withoutThinking(_ text: String) -> Substring {
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        guard start.hasPrefix("<think>"), let end = start.firstRange(of: "</think>") else { return start }
        return start[end.upperBound...]
    }

    private static func object(_ bytes: ArraySlice<UInt8>) -> JSONValue? {
        let value = (try? JSONValue(parsing: bytes)) ?? (try? JSONValue(parsing: withoutTrailingCommas(bytes)))
        return value?.object == nil ? nil : value
    }

    /// A comma counts as trailing when a value stands before it: `[1,]`, not `[,]`.
    private static func withoutTrailingCommas(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var scan = TextScan()
        for byte in bytes {
            if scan.isOutside(byte), byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]"),
                let comma = result.lastIndex(where: isInk), result[comma] == UInt8(ascii: ","),
                let value = result[..<comma].last(where: isInk), !Array("{[,:".utf8).contains(value)
            {
                result.remove(at: comma)
            }
            result.append(byte)
        }
        return result
    }

    private static func isInk(_ byte: UInt8) -> Bool { ![0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    /// The brace that closes the object, braces inside texts left out.
    private static func end(ofObjectAt start: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var scan = TextScan()
        for index in start..<bytes.count where scan.isOutside(bytes[index]) {
            if bytes[index] == UInt8(ascii: "{") { depth += 1 }
            if bytes[index] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }
}

/// Tells the bytes of JSON's structure from those inside its texts.
private struct TextScan {
    private var isInText = false
    private var isEscaped = false

    /// Takes the next byte; false while inside a text, its quotation marks included.
    mutating func isOutside(_ byte: UInt8) -> Bool {
        if isEscaped {
            isEscaped = false
        } else if isInText, byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInText.toggle()
            return false
        }
        return !isInText
    }
}
