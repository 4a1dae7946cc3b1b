import Testing

@Suite("Documentation")
struct DocumentationTests {
    @Test("every type that other modules see says directly above it why it exists")
    func types() async throws {
        expectNone(try await SourceTree.current.sources.flatMap(Self.silent))
    }

    @Test("a type without a sentence is found")
    func finds() {
        let file = SwiftSource(
            "Sources/A/B.swift",
            """
            /// One step.
            @frozen
            package struct A { package enum Inner {} }

            package enum B {}
            // Not a sentence for readers.
            package protocol C {}
            ///
            package actor D {}
            struct E {}
            package extension A {}
            """)
        #expect(Self.silent(file).map(\.line) == [5, 7, 9])
    }

    static func silent(_ file: SwiftSource) -> [Violation] {
        file.declarations.filter { declaration in
            declaration.isTopLevel && declaration.isType && declaration.kind != "typealias"
                && declaration.access == "package" && !isDocumented(declaration.line, in: file)
        }.map {
            Violation(file, $0.line, "\($0.name) has no sentence: say directly above, after ///, why the type exists")
        }
    }

    private static func isDocumented(_ line: Int, in file: SwiftSource) -> Bool {
        guard line > 1, file.lines[line - 2].hasPrefix("///") else { return false }
        return file.comment(above: line)?.contains { $0.isLetter } == true
    }
}
