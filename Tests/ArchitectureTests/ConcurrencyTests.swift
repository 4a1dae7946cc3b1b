import Testing

@Suite("Concurrency and crashes")
struct ConcurrencyTests {
    @Test("features start no task without structure, unless a comment directly above says why")
    func unstructured() async throws {
        expectNone(try await SourceTree.current.sources.flatMap(Self.unstructured))
    }

    @Test("what the compiler is told to take on trust is explained directly above")
    func trust() async throws {
        let files = try await SourceTree.current.files.filter { !$0.isUnder("Tests") }
        expectNone(files.flatMap(Self.unexplained))
    }

    @Test("nothing in the program crashes on purpose")
    func crashes() async throws {
        expectNone(try await SourceTree.current.sources.flatMap(Self.crashing))
    }

    @Test("loose tasks, unexplained trust and crashes are found")
    func finds() {
        let text = """
            Task { await a() }
            // Unstructured because it outlives the request.
            Task { await b() }
            // Unstructured because it is needed.
            Task.detached { await c() }
            let d: Task<Void, Never> = Task(priority: .low) { try await Task.sleep(for: .seconds(1)) }
            /// A pool.
            final class E: @unchecked Sendable { nonisolated(unsafe) var f = 0 }
            /// `@unchecked`: a lock guards it.
            final class G: @unchecked Sendable {}
            try! h()
            if try !h() as? Int == nil { fatalError("i as! Int") }
            let j = k as! Int
            """
        let file = SwiftSource("Sources/Features/Prompts/Service/A.swift", text)
        #expect(Self.unstructured(file).map(\.line) == [1, 5, 6])
        #expect(Self.unexplained(file).map(\.line) == [8, 8, 8, 10])
        #expect(Self.crashing(file).map(\.line) == [11, 12, 13])
        #expect(Self.unexplained(SwiftSource("Sources/Platform/EdisonSQL/A.swift", text)).map(\.line) == [8, 8])
    }

    static func unstructured(_ file: SwiftSource) -> [Violation] {
        guard file.isUnder("Sources/Features") else { return [] }
        return file.tokens.indices.compactMap { index in
            let token = file.tokens[index]
            guard token.isWord("Task"), index == 0 || !file.tokens[index - 1].isSymbol(".") else { return nil }
            let next = file.tokens(from: index + 1, 2).map(\.text)
            if next == [".", "detached"] {
                return Violation(file, token.line, "starts a detached task: use a task group, or a job")
            }
            guard ["{", "("].contains(next.first) || next == [".", "immediate"] || next == [".", "init"],
                file.comment(above: token.line)?.contains("Unstructured because ") != true
            else { return nil }
            return Violation(
                file, token.line,
                "starts a task that nobody waits for or cancels: use a task group, or a job; where neither will do, say "
                    + "why directly above: // Unstructured because …")
        }
    }

    static func unexplained(_ file: SwiftSource) -> [Violation] {
        file.tokens.indices.flatMap { index -> [Violation] in
            let token = file.tokens[index]
            let isUnsafe =
                token.isWord("nonisolated") && file.tokens(from: index + 1, 2).map(\.text) == ["(", "unsafe"]
            guard isUnsafe || token.isWord("unchecked") && index > 0 && file.tokens[index - 1].isSymbol("@") else {
                return []
            }
            var faults: [Violation] = []
            let word = isUnsafe ? "nonisolated(unsafe)" : "@unchecked"
            if file.comment(above: token.line)?.contains("`\(word)`: ") != true {
                faults.append(
                    Violation(file, token.line, "is \(word): say directly above why that is safe: // `\(word)`: …"))
            }
            if !isUnsafe, !file.isUnder("Sources/Platform/EdisonSQL") {
                faults.append(
                    Violation(
                        file, token.line, "is @unchecked outside EdisonSQL: use an actor, or a Mutex around the state"))
            }
            return faults
        }
    }

    static func crashing(_ file: SwiftSource) -> [Violation] {
        file.tokens.indices.compactMap { index in
            let token = file.tokens[index]
            let isForced =
                file.tokens(from: index + 1, 1).first.map { $0.isSymbol("!") && $0.isAttached } == true
                && (token.isWord("try") || token.isWord("as"))
            guard isForced || token.isWord("fatalError") else { return nil }
            return Violation(
                file, token.line,
                "ends the program with \(token.text)\(isForced ? "!" : ""): throw an EdisonError, or bind what may fail"
            )
        }
    }
}
