/// Splits text into the units that the apprentice reads by: lower-case words and sentences.
///
/// The apprentice obeys the meaning of a prompt through keyword sets, so that case, punctuation and line breaks must
/// not matter to it.
enum Words {
    /// The words of a text in lower case: runs of letters, digits and apostrophes.
    static func split(_ text: some StringProtocol) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text {
            if character.isLetter || character.isNumber {
                word += character.lowercased()
            } else if character == "'" || character == "’", !word.isEmpty {
                word.append("'")
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// The words joined by single spaces, with one at each end, as bytes: finding ` word word ` in it ignores
    /// punctuation and layout.
    static func normalised(_ text: some StringProtocol) -> [UInt8] {
        Array(" \(split(text).joined(separator: " ")) ".utf8)
    }

    /// Sentences as they stand in the text, without the white space around them; a line break ends one.
    static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            if character.isNewline {
                sentences.append(current)
                current = ""
                continue
            }
            current.append(character)
            let isLast = index + 1 == characters.count
            if ".!?".contains(character), isLast || characters[index + 1].isWhitespace {
                sentences.append(current)
                current = ""
            }
        }
        sentences.append(current)
        return sentences.map(trimmed).filter { !$0.isEmpty }
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        var text = Substring(text).drop(while: \.isWhitespace)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    /// Where one byte sequence stands in another, overlaps not counted twice.
    static func places(of needle: [UInt8], in text: [UInt8], from start: Int = 0, limit: Int = .max) -> [Int] {
        guard let first = needle.first else { return [] }
        var places: [Int] = []
        text.withUnsafeBufferPointer { text in
            needle.withUnsafeBufferPointer { needle in
                var index = start
                while index + needle.count <= text.count, places.count < limit {
                    var offset = 0
                    if text[index] == first {
                        offset = 1
                        while offset < needle.count, text[index + offset] == needle[offset] { offset += 1 }
                    }
                    if offset == needle.count { places.append(index) }
                    index += offset == needle.count ? needle.count : 1
                }
            }
        }
        return places
    }

    static func count(_ needle: [UInt8], in text: [UInt8]) -> Int { places(of: needle, in: text).count }

    static func contains(_ needle: [UInt8], in text: [UInt8]) -> Bool {
        !places(of: needle, in: text, limit: 1).isEmpty
    }

    /// Text cut to a number of characters, at a word where one is near.
    static func clipped(_ text: String, to limit: Int) -> String {
        guard text.count > limit else { return text }
        let head = text.prefix(limit - 1)
        let cut = head.lastIndex(of: " ").map { head[..<$0] } ?? head
        return (cut.count > limit / 2 ? String(cut) : String(head)) + "…"
    }
}
