import Testing

@Suite("One SQL for two databases")
struct DialectTests {
    @Test("nobody outside EdisonSQL asks which database it is; the forks' names may be spliced")
    func askedNowhere() async throws {
        let tree = try await SourceTree.current
        let forks = Self.forks(in: try #require(tree.files.first { $0.path == Self.home }))
        #expect(!forks.isEmpty)
        expectNone(tree.files.flatMap { Self.askers($0, forks: forks) })
    }

    @Test("there are at most ten forks")
    func fewForks() async throws {
        let tree = try await SourceTree.current
        let file = try #require(tree.files.first { $0.path == Self.home })
        expectNone(Self.tooManyForks(file))
    }

    @Test("an asker and an eleventh fork are found")
    func finds() {
        let file = SwiftSource(
            "Sources/Platform/EdisonJobs/A.swift",
            """
            let a: SQL = "SELECT 1\\(db.dialect.skipLocked)"
            if db.dialect == .sqlite {}
            let b = Dialect.postgres
            let c = db.dialect.rawValue
            func dialect() {}
            """)
        #expect(Self.askers(file, forks: ["skipLocked"]).map(\.line) == [2, 3, 4, 5])
        let fork = "    package var f: SQL { switch self { case .sqlite: 1 } }\n"
        let home = "package enum Dialect {\n\(String(repeating: fork, count: 11))\n    var own: SQL { 1 }\n}"
        #expect(Self.tooManyForks(SwiftSource(Self.home, home)).map(\.line) == [12])
        #expect(Self.forks(in: SwiftSource(Self.home, home)) == ["f"])
    }

    private static let home = "Sources/Platform/EdisonSQL/Dialect.swift"

    /// What the rest of the program may splice into a statement.
    static func forks(in file: SwiftSource) -> Set<String> {
        Set(
            file.tokens.indices.compactMap { index in
                let next = file.tokens(from: index, 3).map(\.text)
                return next.count == 3 && next[0] == "package" && ["var", "func"].contains(next[1]) ? next[2] : nil
            })
    }

    static func askers(_ file: SwiftSource, forks: Set<String>) -> [Violation] {
        if file.isUnder("Sources/Platform/EdisonSQL") || file.isUnder("Tests/Platform/EdisonSQLTests") { return [] }
        return file.tokens.indices.compactMap { index in
            let token = file.tokens[index]
            guard token.isWord("dialect") || token.isWord("Dialect") else { return nil }
            let next = file.tokens(from: index + 1, 2).map(\.text)
            if token.text == "dialect", next.count == 2, next[0] == ".", forks.contains(next[1]) { return nil }
            return Violation(
                file, token.line,
                "asks which database it is: write SQL that both understand, or splice a fork that Dialect.swift names")
        }
    }

    static func tooManyForks(_ file: SwiftSource) -> [Violation] {
        let forks = file.tokens.indices.filter {
            file.tokens[$0].isWord("switch") && file.tokens(from: $0 + 1, 1).first?.isWord("self") == true
        }
        return forks.dropFirst(10).map {
            Violation(
                file, file.tokens[$0].line, "is a fork beyond ten: find words that both databases understand")
        }
    }
}
