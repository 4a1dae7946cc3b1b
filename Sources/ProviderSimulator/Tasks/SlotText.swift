/// Text with `{slots}`.
enum SlotText {
    /// Puts values into the slots; a slot without a value stays as it is.
    static func filled(_ text: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: open)..<close])
            result += rest[..<open]
            result += values[name] ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// The longest part between slots, in the normal form of `Words.normalised`: what can be recognised in any answer.
    static func marker(_ text: String) -> [UInt8] {
        var parts: [Substring] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            parts.append(rest[..<open])
            rest = rest[rest.index(after: close)...]
        }
        parts.append(rest)
        return parts.map { Words.normalised($0) }.max { $0.count < $1.count } ?? []
    }
}
