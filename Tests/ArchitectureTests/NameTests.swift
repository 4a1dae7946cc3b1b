import Testing

@Suite("Names")
struct NameTests {
    @Test("no type and no file is called after a role that says nothing")
    func words() async throws {
        expectNone(try await SourceTree.current.files.flatMap(Self.hollow))
    }

    @Test("a file is called after what it holds")
    func files() async throws {
        let tree = try await SourceTree.current
        let places = tree.targets.filter { $0.path.hasPrefix("Sources/") || $0.path.hasPrefix("Support/") }
        expectNone(
            places.flatMap { target in
                let files = tree.files(of: target)
                let types = Self.types(of: files)
                return files.filter { !$0.path.contains("/Migrations/") }.flatMap { Self.misnamed($0, types: types) }
            })
    }

    @Test(
        "the words of a name are told apart",
        arguments: [
            ("URLProtocol", ["URL", "Protocol"]), ("IDSource", ["ID", "Source"]), ("IStore", ["I", "Store"]),
            ("Database", ["Database"]), ("LibPQ", ["Lib", "PQ"]), ("XXH3Long", ["XXH3", "Long"]),
        ])
    func splitting(name: String, words: [String]) {
        #expect(Self.words(of: name) == words)
    }

    @Test(
        "names that say nothing are found",
        arguments: [
            "PromptManager", "TextUtils", "BaseStore", "StoreBase", "CommonTypes", "StoreImpl", "DriverProtocol",
        ])
    func findsWords(name: String) {
        #expect(Self.hollow(SwiftSource("Sources/A/Good.swift", "enum Outer {\n    struct \(name) {}\n}")).count == 1)
        #expect(Self.hollow(SwiftSource("Sources/A/\(name).swift", "let one = 1")).count == 1)
    }

    @Test(
        "files named after something else are found",
        arguments: [
            ("Store", "struct Store {}", true), ("Store", "struct Shop {}", false),
            ("Store+Sales", "extension Store {}", true), ("Store+Sales", "struct Sales {}", false),
            ("Sales", "extension Store {}", false), ("Sales", "extension Array {}\nextension Store {}", true),
            ("Sales", "func sell() {}", true), ("Store", "extension Array {}", false),
        ])
    func findsFiles(name: String, text: String, isRight: Bool) {
        let file = SwiftSource("Sources/A/\(name).swift", text)
        #expect(Self.misnamed(file, types: ["Store"]).isEmpty == isRight)
    }

    static func hollow(_ file: SwiftSource) -> [Violation] {
        let types = file.declarations.filter(\.isType).map { ($0.name, $0.line) }
        return (types + [(file.name, 1)]).compactMap { name, line in
            let words = words(of: name)
            let fault = words.indices.first { index in
                let (isFirst, isLast) = (index == 0, index == words.count - 1)
                return switch words[index] {
                case "Base": isFirst || isLast
                case "Protocol": isLast
                case "I": isFirst && !isLast
                default: hollowWords.contains(words[index])
                }
            }
            return fault.map {
                Violation(file, line, "\(name): \"\(words[$0])\" says nothing; use the noun that the field uses")
            }
        }
    }

    static func types(of files: [SwiftSource]) -> Set<String> {
        Set(files.flatMap { file in file.declarations.filter { $0.isType && $0.isTopLevel }.map(\.name) })
    }

    /// A file with types is called after one of them; one that only extends a single type of its module is called
    /// `Type+Aspect`; any other is called after its subject, by a name that no type has.
    static func misnamed(_ file: SwiftSource, types: Set<String>) -> [Violation] {
        let own = file.declarations.filter(\.isTopLevel)
        let declared = own.filter(\.isType).map(\.name)
        let extended = Set(own.filter { !$0.isType }.map(\.name))
        let parts = file.name.split(separator: "+").map(String.init)
        if parts.count > 1 {
            let isRight =
                declared.contains(parts[0]) || extended.contains { $0.split(separator: ".").last ?? "" == parts[0] }
            return isRight
                ? [] : [Violation(file, 1, "holds nothing of \(parts[0]): \(advice(declared, extended, file))")]
        }
        let isRight =
            declared.isEmpty
            ? !(extended.count == 1 && extended.isSubset(of: types)) && !types.contains(file.name)
            : declared.contains(file.name)
        return isRight
            ? [] : [Violation(file, 1, "is not called after what it holds: \(advice(declared, extended, file))")]
    }

    private static let hollowWords: Set = [
        "Manager", "Managers", "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Impl", "Common",
    ]

    private static func advice(_ declared: [String], _ extended: Set<String>, _ file: SwiftSource) -> String {
        let names = declared.map { "\($0).swift" } + extended.sorted().map { "\($0)+Aspect.swift" }
        return names.isEmpty
            ? "call it after its subject, not after a type that is elsewhere"
            : "call it \(names.joined(separator: " or "))"
    }

    static func words(of name: String) -> [String] {
        name.matches(of: /[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z0-9]+/).map { String($0.output) }
    }
}
