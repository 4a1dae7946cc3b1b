import Foundation
import Testing

@Suite("Reading of Swift files")
struct LexerTests {
    @Test("comments and texts are no code, interpolated code is")
    func kinds() {
        let source = SwiftSource(
            "Sources/A/B.swift",
            ##"""
            /* import A /* nested */ import B */
            let a = "import C \(call(")") + d) end" // import D
            let b = """
                first "quoted" \
                \(e)
                """
            let c = #"raw \(no) \#(f)"#
            let g = text.replacing(/"[^\/]* x/, with: 1 / 2 / h)
            """##)
        #expect(source.imports.isEmpty)
        let texts = source.tokens.filter { $0.kind == .text }
        #expect(texts.map(\.line) == [2, 2, 3, 7])
        #expect(texts.map(\.text).first == #"import C \() end"#)
        #expect(texts.map(\.text).last == #"raw \(no) \()"#)
        let words = source.tokens.filter { $0.kind == .word }.map(\.text)
        #expect(["call", "d", "e", "f", "h"].allSatisfy(words.contains))
        #expect(!words.contains("no") && !words.contains("quoted") && !words.contains("x"))
        #expect(source.tokens.first { $0.isWord("h") }?.line == 8)
    }

    @Test("declarations are found with their start, access and depth")
    func declarations() {
        let source = SwiftSource(
            "Sources/A/B.swift",
            """
            import struct Crypto.SHA256
            package import EdisonCore

            @available(macOS 15, *)
            package final class Outer: Sendable {
                enum Inner { case actor(String), extension(Int) }
                class func make() -> Any.Type { (any P).self }
            }
            extension [Message] {}
            private extension Outer.Inner {}
            """)
        #expect(source.imports.map(\.module) == ["Crypto", "EdisonCore"])
        #expect(source.declarations.map(\.name) == ["Outer", "Inner", "Array", "Outer.Inner"])
        #expect(source.declarations.map(\.line) == [4, 6, 9, 10])
        #expect(source.declarations.map(\.isTopLevel) == [true, false, true, true])
        #expect(source.declarations.map(\.access) == ["package", nil, nil, "private"])
    }

    @Test("a child process that does not end is ended")
    func bounded() async throws {
        let root = FileManager.default.temporaryDirectory
        await #expect(throws: ChildProcess.Failure.self) {
            try await ChildProcess.run(["sleep", "20"], in: root, seconds: 0.1)
        }
        #expect(
            try await ChildProcess.run(["sh", "-c", "echo out; echo no >&2; exit 3"], in: root, seconds: 100).status
                == 3)
    }
}
