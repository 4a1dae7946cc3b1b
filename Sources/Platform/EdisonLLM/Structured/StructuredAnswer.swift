package import EdisonCore

/// Finds the JSON object in what a model wrote: bare, inside a fence, or with prose around it.
package enum StructuredAnswer {
    /// nil when there is none. Nothing is repaired: an object that is not JSON is no answer.
    package static func json(in text: String) -> JSONValue? {
        let trimmed = text.trimmingPrefix(while: \.isWhitespace)
        if let whole = try? JSONValue(parsing: String(trimmed)), whole.object != nil { return whole }
        let bytes = Array(text.utf8)
        var start = 0
        while let open = bytes[start...].firstIndex(of: UInt8(ascii: "{")) {
            if let close = end(ofObjectAt: open, in: bytes),
                let value = try? JSONValue(parsing: bytes[open...close]), value.object != nil
            {
                return value
            }
            start = open + 1
        }
        return nil
    }

    /// The brace that closes the object, braces inside texts left out.
    private static func end(ofObjectAt start: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var inText = false
        var escaped = false
        for index in start..<bytes.count {
            let byte = bytes[index]
            if inText {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inText = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }
}
