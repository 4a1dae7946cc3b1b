import Testing

/// What is kept in one place, so that the rest of the program cannot come to depend on it.
@Suite("Confinement")
struct ConfinementTests {
    struct Confinement: Sendable {
        let module: String
        /// Folders and files whose path starts so; none = nowhere.
        let places: [String]
        let advice: String
    }

    static let confinements = [
        Confinement(
            module: "FoundationNetworking", places: [],
            advice: "it blocks threads and brings libcurl; make requests through EdisonLLM's transport"),
        Confinement(module: "XCTest", places: [], advice: "tests are written with Swift Testing"),
        Confinement(
            module: "GRDB", places: ["Sources/Platform/EdisonSQL/SQLite/"],
            advice: "GRDB's types do not leave the driver; use EdisonSQL's Database"),
        Confinement(
            module: "AsyncHTTPClient", places: ["Sources/Platform/EdisonLLM/Transport/", "Tests/"],
            advice: "requests go through HTTPTransport, where limits, time-outs and failures are one thing"),
    ]

    @Test("what others wrote is imported only where it is wrapped", arguments: confinements)
    func imports(confinement: Confinement) async throws {
        expectNone(try await SourceTree.current.files.flatMap { Self.escaped($0, confinement) })
    }

    @Test("libraries are opened at run time by the PostgreSQL driver alone")
    func libraries() async throws {
        expectNone(try await SourceTree.current.sources.flatMap(Self.opensLibrary))
    }

    @Test("nothing is public: an application has no one outside to show itself to")
    func access() async throws {
        expectNone(try await SourceTree.current.sources.flatMap(Self.published))
    }

    @Test("what has escaped is found")
    func finds() {
        let file = SwiftSource(
            "Sources/Platform/EdisonSQL/A.swift",
            """
            import GRDB
            public struct A { open class B {} }
            let handle = dlopen(nil, RTLD_NOW)
            try open(.public)
            """)
        #expect(Self.confinements.map { Self.escaped(file, $0).count } == [0, 0, 1, 0])
        #expect(Self.published(file).map(\.line) == [2, 2])
        #expect(Self.opensLibrary(file).map(\.line) == [3])
    }

    static func escaped(_ file: SwiftSource, _ confinement: Confinement) -> [Violation] {
        guard !confinement.places.contains(where: file.path.hasPrefix) else { return [] }
        return file.imports.filter { $0.module == confinement.module }.map {
            Violation(file, $0.line, "imports \(confinement.module): \(confinement.advice)")
        }
    }

    static func opensLibrary(_ file: SwiftSource) -> [Violation] {
        guard !file.isUnder("Sources/Platform/EdisonSQL/Postgres") else { return [] }
        return file.tokens.filter { $0.isWord("dlopen") }.map {
            Violation(file, $0.line, "opens a library: only EdisonSQL/Postgres may; link what is needed otherwise")
        }
    }

    static func published(_ file: SwiftSource) -> [Violation] {
        file.tokens.indices.compactMap { index in
            let token = file.tokens[index]
            let isOpen =
                token.isWord("open")
                && file.tokens(from: index + 1, 1).contains { ["class", "func", "var", "subscript"].contains($0.text) }
            let isMember = index > 0 && file.tokens[index - 1].isSymbol(".")
            guard isOpen || token.isWord("public"), !isMember else { return nil }
            return Violation(file, token.line, "is \(token.text): write package, or nothing for what its module keeps")
        }
    }
}
