/// Reads the `<tag>…</tag>` sections of a structured call.
struct TaggedText: Sendable {
    private let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// What stands between `<tag>` and the next `</tag>`, without the line breaks around it; nil when there is no such
    /// section.
    ///
    /// A tag that opens a line or follows another tag counts before one that is only mentioned in a sentence.
    subscript(tag: String) -> String? {
        let open = Array("<\(tag)>".utf8)
        let close = Array("</\(tag)>".utf8)
        let starts = Words.places(of: open, in: bytes).map { $0 + open.count }
        let opening = starts.filter { isOpening(at: $0 - open.count) }
        for start in opening + starts {
            guard let end = Words.places(of: close, in: bytes, from: start, limit: 1).first else { continue }
            let content = String(decoding: bytes[start..<end], as: UTF8.self)
            return Words.trimmed(content).isEmpty ? "" : trimmingLineBreaks(unescaped(content))
        }
        return nil
    }

    func has(_ tag: String) -> Bool { self[tag] != nil }

    private func isOpening(at place: Int) -> Bool {
        place == 0 || bytes[place - 1] == UInt8(ascii: "\n") || bytes[place - 1] == UInt8(ascii: ">")
    }

    /// A closing tag inside user content is written `&lt;/`; nothing else is escaped.
    private func unescaped(_ content: String) -> String {
        content.contains("&lt;/") ? content.replacing("&lt;/", with: "</") : content
    }

    private func trimmingLineBreaks(_ content: String) -> String {
        var content = Substring(content).drop(while: \.isNewline)
        while let last = content.last, last.isNewline { content.removeLast() }
        return String(content)
    }
}
