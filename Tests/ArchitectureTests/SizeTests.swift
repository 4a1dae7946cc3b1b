import Testing

@Suite("Sizes")
struct SizeTests {
    static let mark = "// Long because "

    @Test("half of the program's files have at most 100 lines")
    func median() async throws {
        let counts = try await SourceTree.current.sources.map(Self.length).sorted()
        let median = counts[counts.count / 2]
        #expect(median <= 100, "the median of Sources is \(median) lines: split files that hold more than one thing")
    }

    @Test("a file of the program over 250 lines, and a test over 500, says in its first lines why")
    func long() async throws {
        expectNone(try await SourceTree.current.files.flatMap(Self.tooLong))
    }

    @Test("a file that is too long is found")
    func finds() {
        func file(_ path: String, _ count: Int, _ first: String = "") -> SwiftSource {
            SwiftSource(path, first + String(repeating: "\n", count: count))
        }
        #expect(Self.tooLong(file("Sources/A.swift", 250)).isEmpty)
        #expect(Self.tooLong(file("Sources/A.swift", 251)).map(\.line) == [251])
        #expect(Self.tooLong(file("Sources/A.swift", 251, "import B\n\n\(Self.mark)its steps share a state.")).isEmpty)
        #expect(Self.tooLong(file("Tests/A.swift", 500)).isEmpty)
        #expect(Self.tooLong(file("Support/A.swift", 501, "// Long.")).count == 1)
    }

    private static func length(_ file: SwiftSource) -> Int {
        file.lines.last == "" ? file.lines.count - 1 : file.lines.count
    }

    static func tooLong(_ file: SwiftSource) -> [Violation] {
        let (length, limit) = (length(file), file.isUnder("Sources") ? 250 : 500)
        guard length > limit, !file.lines.prefix(10).contains(where: { $0.hasPrefix(mark) }) else { return [] }
        return [
            Violation(
                file, length,
                "has \(length) lines, \(limit) are the limit: split it by concept, or say at the top why not: \(mark)…")
        ]
    }
}
