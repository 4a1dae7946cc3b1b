extension SwiftLexer {
    mutating func readText(hashes: Int) {
        let (firstLine, place, isAttached) = (line, tokens.count, end == index)
        index += hashes
        let quotes = peek(1) == "\"" && peek(2) == "\"" ? 3 : 1
        index += quotes
        var content: [UInt8] = []
        while index < bytes.count {
            if bytes[index] == "\"", closes(quotes: quotes, hashes: hashes) { break }
            guard bytes[index] == "\\", has("#", hashes, from: 1) else {
                content.append(bytes[index])
                step()
                continue
            }
            let length = hashes + 2
            if peek(length - 1) == "(" {
                content += Array("\\()".utf8)
                index += length
                readCode(inText: true)
            } else {
                content += bytes[index..<min(index + length, bytes.count)]
                for _ in 0..<length where index < bytes.count { step() }
            }
        }
        index = min(index + quotes + hashes, bytes.count)
        end = index
        // The text stands before the code that it interpolates.
        let text = String(decoding: content, as: UTF8.self)
        tokens.insert(Token(kind: .text, text: text, line: firstLine, isAttached: isAttached), at: place)
    }

    /// `#"…"#` and `#/…/#`; false for a lone `#`, as of `#if`.
    mutating func readHashed() -> Bool {
        var hashes = 0
        while peek(hashes) == "#" { hashes += 1 }
        if peek(hashes) == "\"" {
            readText(hashes: hashes)
            return true
        }
        guard peek(hashes) == "/" else { return false }
        var offset = hashes + 1
        while peek(offset) != nil, !(peek(offset) == "/" && has("#", hashes, from: offset + 1)) { offset += 1 }
        add(.pattern, upTo: min(index + offset + 1 + hashes, bytes.count))
        return true
    }

    /// `/…/`; false where the slash divides.
    mutating func readPattern() -> Bool {
        let before = index > 0 ? bytes[index - 1] : "\n"
        guard " \n([{,:!".utf8.contains(before), let next = peek(1), !" \n),".utf8.contains(next) else { return false }
        var offset = 1
        while let current = peek(offset), current != "\n" {
            if current == "/" {
                add(.pattern, upTo: index + offset + 1)
                return true
            }
            offset += current == "\\" ? 2 : 1
        }
        return false
    }

    private func closes(quotes: Int, hashes: Int) -> Bool {
        has("\"", quotes, from: 0) && has("#", hashes, from: quotes)
    }

    private func has(_ wanted: UInt8, _ count: Int, from offset: Int) -> Bool {
        (0..<count).allSatisfy { peek(offset + $0) == wanted }
    }
}
