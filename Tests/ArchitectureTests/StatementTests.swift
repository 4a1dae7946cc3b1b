import Testing

@Suite("Statements")
struct StatementTests {
    @Test("no statement uses what only one of the two databases understands")
    func portable() async throws {
        expectNone(try await SourceTree.current.sources.flatMap(Self.unportable))
    }

    @Test("the statements of a feature stand in its stores")
    func inStores() async throws {
        expectNone(try await SourceTree.current.sources.flatMap(Self.misplaced))
    }

    @Test(
        "words of one database are found",
        arguments: [
            "id SERIAL", "SELECT DISTINCT ON (a) b", "a ILIKE b", "a JSONB", "SELECT NOW()", "SELECT now ()",
            "a ->> 'b'",
        ])
    func findsUnportable(statement: String) {
        #expect(
            Self.unportable(SwiftSource("Sources/A/B.swift", "let a: SQL = \"\"\"\n  \(statement)\n\"\"\"")).map(\.line)
                == [2])
    }

    @Test("a statement outside a store is found, prose is not")
    func findsMisplaced() {
        let file = SwiftSource(
            "Sources/Features/Prompts/Service/A.swift",
            """
            let a = "SELECT a FROM b"
            let b: SQL = "UPDATE \\(table) SET a = 1"
            let c = "BEGIN ISOLATION LEVEL SERIALIZABLE; select one from the list, update it and set it"
            let d = "DELETE FROM a"
            let e = "INSERT INTO a"
            """)
        #expect(Self.misplaced(file).map(\.line) == [1, 2, 4, 5])
        #expect(Self.unportable(file).isEmpty)
        #expect(
            Self.misplaced(SwiftSource("Sources/Features/Prompts/Store/A.swift", "let a = \"DELETE FROM a\"")).isEmpty)
    }

    static func unportable(_ file: SwiftSource) -> [Violation] {
        find(in: file, #/\bSERIAL\b|\bDISTINCT\s+ON\b|\bILIKE\b|\bJSONB\b|\b(?:NOW|now)\s*\(\s*\)|->>/#) {
            "\"\($0)\" is not SQL that both databases understand: see docs/design/0003-portable-sql.md"
        }
    }

    static func misplaced(_ file: SwiftSource) -> [Violation] {
        let folders = file.path.split(separator: "/")
        guard file.isUnder("Sources/Features"), folders.count > 3, folders[3] != "Store" else { return [] }
        return find(
            in: file, #/\bSELECT\s[^;]*?\sFROM\b|\bINSERT\s+INTO\b|\bUPDATE\s+\S+\s+SET\b|\bDELETE\s+FROM\b/#
        ) { "\"\($0.prefix(30))\" is a statement outside Store/: give the feature's store a function for it" }
    }

    private static func find(
        in file: SwiftSource, _ pattern: Regex<Substring>, advice: (Substring) -> String
    ) -> [Violation] {
        file.tokens.filter { $0.kind == .text }.flatMap { token in
            token.text.matches(of: pattern).map { match in
                let before = token.text[..<match.range.lowerBound].count { $0 == "\n" }
                return Violation(file, token.line + before, advice(match.output))
            }
        }
    }
}
