import Testing

/// Every feature has the same shape, so that nobody has to look around.
@Suite("The shape of a feature")
struct FeatureShapeTests {
    /// The folders of every feature, in reading order, and what some features have besides.
    static let folders: Set = [
        "Domain", "Store", "Service", "API", "Pages", "Jobs", "Templates", "Assets",
        // Texts for models.
        "Prompts",
        // Forms from outside: test cases from CSV and JSON, the experiment file, the reports of a run.
        "Import", "File", "Results",
    ]

    @Test("a feature's files lie in the folders that every feature knows")
    func places() async throws {
        expectNone(try await SourceTree.current.paths.flatMap(Self.misplaced))
    }

    @Test("the domain awaits nothing and knows only values")
    func domain() async throws {
        let tree = try await SourceTree.current
        let pure = tree.targets.filter { [.kernel, .feature].contains(Layer(path: $0.path)) }.map(\.name)
        let effects = Self.effects(in: tree.files.filter { $0.isUnder("Sources/Platform/EdisonLLM") })
        #expect(effects.contains("ModelCalls"))
        expectNone(tree.files.flatMap { Self.impure($0, pure: Set(pure), effects: effects) })
    }

    @Test("stores know no model")
    func stores() async throws {
        expectNone(try await SourceTree.current.files.flatMap(Self.curious))
    }

    @Test("a strange folder, an awaiting domain and a curious store are found")
    func finds() {
        let feature = "Sources/Features/Prompts"
        #expect(Self.misplaced("\(feature)/Stuff/A.swift").count == 1)
        #expect(Self.misplaced("\(feature)/A.swift").count == 1)
        #expect(Self.misplaced("\(feature)/PromptsFeature.swift").isEmpty)
        let text = """
            import EdisonLLM
            import EdisonSQL
            import Foundation
            func a(calls: ModelCalls) async throws -> Message { try await calls.ask() }
            """
        let effects = Self.effects(in: [
            SwiftSource("A.swift", "struct ModelCalls {\n func ask() async {}\n}\nstruct Message {}\nactor Pool {}")
        ])
        #expect(effects == ["ModelCalls", "Pool"])
        let domain = SwiftSource("\(feature)/Domain/A.swift", text)
        #expect(Self.impure(domain, pure: ["EdisonText"], effects: effects).map(\.line) == [2, 4, 4, 4])
        #expect(Self.curious(SwiftSource("\(feature)/Store/A.swift", text)).map(\.line) == [1])
    }

    static func misplaced(_ path: String) -> [Violation] {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.starts(with: ["Sources", "Features"]), parts.count > 3 else { return [] }
        if parts.count == 4 ? parts[3] == "\(parts[2])Feature.swift" : folders.contains(parts[3]) { return [] }
        return [
            Violation(path, 1, "lies outside the folders of a feature: \(folders.sorted().joined(separator: ", "))")
        ]
    }

    /// The types that do something which is waited for.
    static func effects(in files: [SwiftSource]) -> Set<String> {
        Set(
            files.flatMap { file in
                file.declarations.filter { declaration in
                    declaration.kind == "actor" || file.tokens[declaration.body].contains { $0.isWord("async") }
                }.map(\.name)
            })
    }

    static func impure(_ file: SwiftSource, pure: Set<String>, effects: Set<String>) -> [Violation] {
        guard isIn("Domain", file) else { return [] }
        let known = pure.union(["EdisonLLM"]).union(ImportTests.standard)
        let imports = file.imports.filter { !known.contains($0.module) }.map {
            Violation(
                file, $0.line,
                "imports \($0.module): the domain knows the kernel, features and values of calls; pass it in")
        }
        let waits = file.tokens.filter { $0.isWord("await") || $0.isWord("async") }.map {
            Violation(file, $0.line, "uses \($0.text): the domain decides on values; what waits belongs to Service/")
        }
        let users = file.tokens.filter { $0.kind == .word && effects.contains($0.text) }.map {
            Violation(
                file, $0.line, "uses \($0.text), which has effects: take the value or the function needed instead")
        }
        return imports + waits + users
    }

    static func curious(_ file: SwiftSource) -> [Violation] {
        guard isIn("Store", file) else { return [] }
        return file.imports.filter { $0.module == "EdisonLLM" }.map {
            Violation(
                file, $0.line, "imports EdisonLLM: a store writes and reads rows; what it decides belongs to Service/")
        }
    }

    private static func isIn(_ folder: String, _ file: SwiftSource) -> Bool {
        let parts = file.path.split(separator: "/")
        return file.isUnder("Sources/Features") && parts.count > 4 && parts[3] == folder
    }
}
