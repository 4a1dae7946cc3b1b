/// Reads template text, by bytes: CRLF, combining characters and U+2028 are never mistaken for anything.
struct TemplateParser {
    private let bytes: [UInt8]
    private var position = 0
    private var opening: [UInt8] = Array("{{".utf8)
    private var closing: [UInt8] = Array("}}".utf8)
    private(set) var tags: [Template.Tag] = []

    init(_ source: String) { bytes = Array(source.utf8) }

    private struct OpenSection {
        let name: String
        let inverted: Bool
        let line: Int
        var nodes: [TemplateNode] = []
    }

    mutating func parse() throws(TemplateError) -> [TemplateNode] {
        var stack = [OpenSection(name: "", inverted: false, line: 0)]
        while let start = find(opening, from: position) {
            append(bytes[position..<start], to: &stack)
            position = start
            let tag = try readTag(at: start)
            let standalone = tag.mayStandAlone ? standaloneRange(start, tag.end) : nil
            if let standalone { trimBlank(before: start, lineStart: standalone.start, in: &stack) }
            position = standalone?.end ?? tag.end
            try apply(tag, indent: standalone.map { Array(bytes[$0.start..<start]) } ?? [], &stack)
        }
        append(bytes[position...], to: &stack)
        if stack.count > 1, let open = stack.dropFirst().first {
            throw TemplateError(kind: .unclosedSection, line: open.line, tag: open.name)
        }
        return stack[0].nodes
    }

    private struct RawTag {
        enum Sort { case variable, section, inverted, end, partial, comment, delimiters }
        let sort: Sort
        let name: String
        let end: Int
        let line: Int
        var mayStandAlone: Bool { sort != .variable }
    }

    private func find(_ needle: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= needle.count, start <= bytes.count - needle.count else { return nil }
        return (start...(bytes.count - needle.count)).first { bytes[$0..<($0 + needle.count)].elementsEqual(needle) }
    }

    private func line(at position: Int) -> Int { bytes[..<position].count { $0 == 0x0A } + 1 }

    private mutating func readTag(at start: Int) throws(TemplateError) -> RawTag {
        let line = line(at: start)
        var inner = start + opening.count
        let isStandardBraces = opening.elementsEqual("{{".utf8)
        if isStandardBraces, inner < bytes.count, bytes[inner] == UInt8(ascii: "{") {
            guard let end = find(Array("}}}".utf8), from: inner) else {
                throw TemplateError(kind: .unclosedTag, line: line, tag: nil)
            }
            let name = try name(bytes[(inner + 1)..<end], line)
            tags.append(.init(kind: .variable, name: name))
            return RawTag(sort: .variable, name: name, end: end + 3, line: line)
        }
        while inner < bytes.count, isBlank(bytes[inner]) || bytes[inner] == 0x0A || bytes[inner] == 0x0D { inner += 1 }
        let sigil = inner < bytes.count ? bytes[inner] : 0
        if sigil == UInt8(ascii: "=") { return try readDelimiters(inner, line) }
        guard let end = find(closing, from: start + opening.count) else {
            throw TemplateError(kind: .unclosedTag, line: line, tag: nil)
        }
        if inner > end { inner = end }
        let sort: RawTag.Sort
        switch sigil {
        case UInt8(ascii: "#"): sort = .section
        case UInt8(ascii: "^"): sort = .inverted
        case UInt8(ascii: "/"): sort = .end
        case UInt8(ascii: ">"): sort = .partial
        case UInt8(ascii: "!"): return RawTag(sort: .comment, name: "", end: end + closing.count, line: line)
        default: sort = .variable
        }
        let hasSigil = sort != .variable || sigil == UInt8(ascii: "&")
        let name = try name(bytes[min(end, inner + (hasSigil ? 1 : 0))..<end], line)
        tags.append(.init(kind: kind(sort), name: name))
        return RawTag(sort: sort, name: name, end: end + closing.count, line: line)
    }

    private func kind(_ sort: RawTag.Sort) -> Template.Tag.Kind {
        switch sort {
        case .section: .section
        case .inverted: .inverted
        case .end: .end
        case .partial: .partial
        case .variable, .comment, .delimiters: .variable
        }
    }

    private func name(_ raw: ArraySlice<UInt8>, _ line: Int) throws(TemplateError) -> String {
        var raw = raw
        while let first = raw.first, isSpace(first) { raw = raw.dropFirst() }
        while let last = raw.last, isSpace(last) { raw = raw.dropLast() }
        let name = String(decoding: raw, as: UTF8.self)
        if name.isEmpty { throw TemplateError(kind: .emptyTag, line: line, tag: nil) }
        if raw.contains(UInt8(ascii: "{")) || raw.contains(UInt8(ascii: "}")) {
            throw TemplateError(kind: .invalidTag, line: line, tag: nil)
        }
        return name
    }

    private mutating func readDelimiters(_ sigil: Int, _ line: Int) throws(TemplateError) -> RawTag {
        guard let end = find([UInt8(ascii: "=")] + closing, from: sigil + 1) else {
            throw find(closing, from: sigil) == nil
                ? TemplateError(kind: .unclosedTag, line: line, tag: nil)
                : TemplateError(kind: .invalidDelimiters, line: line, tag: nil)
        }
        let words = bytes[(sigil + 1)..<end].split(whereSeparator: isSpace)
        let length = closing.count
        guard words.count == 2, !words.joined().contains(UInt8(ascii: "=")) else {
            throw TemplateError(kind: .invalidDelimiters, line: line, tag: nil)
        }
        opening = Array(words[0])
        closing = Array(words[1])
        return RawTag(sort: .delimiters, name: "", end: end + 1 + length, line: line)
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }

    /// A tag that is alone on its line takes the line with it: from the line's start to behind its ending.
    private func standaloneRange(_ start: Int, _ end: Int) -> (start: Int, end: Int)? {
        var before = start
        while before > 0, isBlank(bytes[before - 1]) { before -= 1 }
        guard before == 0 || bytes[before - 1] == 0x0A else { return nil }
        var after = end
        while after < bytes.count, isBlank(bytes[after]) { after += 1 }
        if after == bytes.count { return (before, after) }
        if bytes[after] == 0x0A { return (before, after + 1) }
        if bytes[after] == 0x0D, after + 1 < bytes.count, bytes[after + 1] == 0x0A { return (before, after + 2) }
        return nil
    }

    /// The blanks before the tag are in the last text already.
    private func trimBlank(before start: Int, lineStart: Int, in stack: inout [OpenSection]) {
        let count = start - lineStart
        guard count > 0, case .text(var text)? = stack[stack.count - 1].nodes.last else { return }
        text.removeLast(min(count, text.count))
        stack[stack.count - 1].nodes.removeLast()
        if !text.isEmpty { stack[stack.count - 1].nodes.append(.text(text)) }
    }

    private func append(_ text: ArraySlice<UInt8>, to stack: inout [OpenSection]) {
        if !text.isEmpty { stack[stack.count - 1].nodes.append(.text(Array(text))) }
    }

    private func apply(_ tag: RawTag, indent: [UInt8], _ stack: inout [OpenSection]) throws(TemplateError) {
        switch tag.sort {
        case .comment, .delimiters: break
        case .variable: stack[stack.count - 1].nodes.append(.variable(tag.name))
        case .partial: stack[stack.count - 1].nodes.append(.partial(tag.name, indent: indent))
        case .section, .inverted:
            stack.append(OpenSection(name: tag.name, inverted: tag.sort == .inverted, line: tag.line))
        case .end:
            guard stack.count > 1 else {
                throw TemplateError(kind: .unopenedSection, line: tag.line, tag: tag.name)
            }
            let open = stack.removeLast()
            guard open.name.utf8.elementsEqual(tag.name.utf8) else {
                throw TemplateError(kind: .mismatchedSection, line: tag.line, tag: tag.name)
            }
            stack[stack.count - 1].nodes.append(.section(open.name, inverted: open.inverted, open.nodes))
        }
    }
}
