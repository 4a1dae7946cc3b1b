/// A type or an extension that a Swift file declares, at any depth.
struct Declaration: Sendable {
    static let kinds: Set = ["struct", "enum", "class", "actor", "protocol", "extension", "typealias"]

    let kind: String
    /// With the outer types where it is written so, as in `extension IterationMetrics.Values`; `Array` for
    /// `extension [Message]`.
    let name: String
    /// Where the first attribute or modifier stands.
    let line: Int
    let isTopLevel: Bool
    let access: String?
    /// The tokens between its braces.
    let body: Range<Int>

    var isType: Bool { kind != "extension" }

    static func all(in tokens: [Token]) -> [Declaration] {
        var depth = 0
        var found: [Declaration] = []
        for (index, token) in tokens.enumerated() {
            if token.isSymbol("{") { depth += 1 }
            if token.isSymbol("}") { depth -= 1 }
            guard token.kind == .word, kinds.contains(token.text), let name = name(at: index, in: tokens) else {
                continue
            }
            let start = start(of: index, in: tokens)
            let access = tokens[start..<index].first { accessLevels.contains($0.text) }?.text
            found.append(
                Declaration(
                    kind: token.text, name: name, line: tokens[start].line, isTopLevel: depth == 0, access: access,
                    body: body(after: index, in: tokens)))
        }
        return found
    }

    private static let accessLevels: Set = ["package", "public", "open", "internal", "fileprivate", "private"]
    private static let modifiers = accessLevels.union(["final", "indirect", "nonisolated", "distributed"])

    private static func name(at keyword: Int, in tokens: [Token]) -> String? {
        // `class func` declares no class, `import struct` no struct, and `.protocol` is a member.
        let before = keyword > 0 ? tokens[keyword - 1] : nil
        if before?.isSymbol(".") == true || before?.isWord("import") == true { return nil }
        var index = keyword + 1
        if tokens[keyword].text == "extension", index < tokens.count, tokens[index].isSymbol("[") { return "Array" }
        guard index < tokens.count, tokens[index].kind == .word, tokens[index].line == tokens[keyword].line,
            !["func", "var", "let", "subscript", "init"].contains(tokens[index].text)
        else { return nil }
        var name = tokens[index].text
        while index + 2 < tokens.count, tokens[index + 1].isSymbol("."), tokens[index + 2].kind == .word {
            name += ".\(tokens[index + 2].text)"
            index += 2
        }
        return name
    }

    private static func start(of keyword: Int, in tokens: [Token]) -> Int {
        var start = keyword
        while start > 0 {
            var index = start - 1
            if tokens[index].isSymbol(")") {
                while index > 0, !tokens[index].isSymbol("(") { index -= 1 }
                index -= 1
            }
            if index > 0, tokens[index - 1].isSymbol("@") {
                start = index - 1
            } else if index >= 0, modifiers.contains(tokens[index].text) {
                start = index
            } else {
                break
            }
        }
        return start
    }

    private static func body(after keyword: Int, in tokens: [Token]) -> Range<Int> {
        guard tokens[keyword].text != "typealias",
            let open = tokens[keyword...].firstIndex(where: { $0.isSymbol("{") })
        else { return keyword..<keyword }
        var depth = 0
        for index in open..<tokens.count {
            if tokens[index].isSymbol("{") { depth += 1 }
            if tokens[index].isSymbol("}") { depth -= 1 }
            if depth == 0 { return open + 1..<index }
        }
        return open + 1..<tokens.count
    }
}
