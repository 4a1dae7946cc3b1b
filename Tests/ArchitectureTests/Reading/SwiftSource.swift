/// A Swift file, read for the rules.
struct SwiftSource: Sendable {
    struct Import: Sendable {
        let module: String
        let line: Int
    }

    /// From the package's root, with slashes.
    let path: String
    let lines: [Substring]
    let tokens: [Token]
    let declarations: [Declaration]
    let imports: [Import]

    init(_ path: String, _ text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        tokens = SwiftLexer.tokens(of: text)
        declarations = Declaration.all(in: tokens)
        imports = Self.imports(in: tokens)
    }

    /// The file's name without its folder and its ending.
    var name: String { String(path.split(separator: "/").last?.dropLast(".swift".count) ?? "") }

    func isUnder(_ folder: String) -> Bool { path.hasPrefix("\(folder)/") }

    /// The comment that ends directly above a line, marks taken off; nil where there is none.
    func comment(above line: Int) -> String? {
        var found: [Substring] = []
        for text in lines[..<(line - 1)].reversed() {
            let text = text.drop { $0 == " " }
            guard text.hasPrefix("//") else { break }
            found.append(text.drop { $0 == "/" })
        }
        return found.isEmpty ? nil : found.reversed().joined(separator: "\n")
    }

    /// The tokens from an index on, as many as there are, at most `count`.
    func tokens(from index: Int, _ count: Int) -> ArraySlice<Token> {
        tokens[min(index, tokens.count)..<min(index + count, tokens.count)]
    }

    private static func imports(in tokens: [Token]) -> [Import] {
        let entities = Declaration.kinds.union(["func", "var", "let"])
        return tokens.indices.compactMap { index in
            guard tokens[index].isWord("import"), index == 0 || !tokens[index - 1].isSymbol("."),
                let module = tokens[(index + 1)...].first(where: { !entities.contains($0.text) }), module.kind == .word
            else { return nil }
            return Import(module: module.text, line: tokens[index].line)
        }
    }
}
