/// One search-and-replace edit, as models propose them: they are poor at line numbers and good at quoting.
package struct TextEdit: Hashable, Sendable {
    /// A passage that stands exactly once in the text; empty = append at the end.
    package let find: String
    package let replace: String

    package init(find: String, replace: String) {
        self.find = find
        self.replace = replace
    }

    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case notFound(String)
        case ambiguous(String, count: Int)
        case emptyResult

        package var description: String {
            switch self {
            case .notFound(let find): "\"\(find.prefix(80))\" does not occur in the text; copy a passage literally"
            case .ambiguous(let find, let count):
                "\"\(find.prefix(80))\" occurs \(count) times; take a longer passage that occurs once"
            case .emptyResult: "the text becomes empty"
            }
        }
    }

    /// The text with the edit: `find` is tried literally, then with the escape of closing tags (`&lt;/`) undone.
    package func apply(to text: String) throws(Failure) -> String {
        if find.isEmpty { return appended(to: text) }
        for (find, replace) in [(find, replace), (Self.unescaped(find), Self.unescaped(replace))] {
            let places = Self.places(of: Array(find.utf8), in: Array(text.utf8))
            if places.count > 1 { throw .ambiguous(find, count: places.count) }
            guard let place = places.first else { continue }
            let bytes = Array(text.utf8)
            let result = bytes[..<place] + Array(replace.utf8) + bytes[(place + find.utf8.count)...]
            let changed = String(decoding: result, as: UTF8.self)
            if changed.allSatisfy(\.isWhitespace) { throw .emptyResult }
            return changed
        }
        throw .notFound(find)
    }

    /// After exactly one line break, whether or not the text or the addition brings one.
    private func appended(to text: String) -> String {
        let addition = replace.drop { $0.isNewline }
        guard !text.isEmpty else { return String(addition) }
        var base = text[...]
        while base.last?.isNewline == true { base.removeLast() }
        return "\(base)\n\(addition)"
    }

    private static func unescaped(_ text: String) -> String { text.replacing("&lt;/", with: "</") }

    /// Where the passage begins, overlapping ones included.
    private static func places(of passage: [UInt8], in text: [UInt8]) -> [Int] {
        guard passage.count <= text.count, let first = passage.first else { return [] }
        return (0...(text.count - passage.count)).filter { place in
            text[place] == first && text[place..<(place + passage.count)].elementsEqual(passage)
        }
    }
}
