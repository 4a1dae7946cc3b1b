import Foundation
import Testing

@Suite("Migrations")
struct MigrationTests {
    static let folder = "Sources/Platform/EdisonSchema/Migrations"
    static let list = "Tests/ArchitectureTests/migrations.sha256"

    @Test("migrations are called NNNN_VerbObject, numbered without a gap, and listed in Schema.swift in that order")
    func names() async throws {
        let tree = try await SourceTree.current
        let schema = try #require(tree.files.first { $0.path == "Sources/Platform/EdisonSchema/Schema.swift" })
        let files = tree.files.filter { $0.isUnder(Self.folder) }
        #expect(!files.isEmpty)
        expectNone(Self.misnumbered(files) + Self.unlisted(files, in: schema))
    }

    @Test("a migration, once listed, never changes")
    func frozen() async throws {
        let tree = try await SourceTree.current
        let sums = try tree.files.filter { $0.isUnder(Self.folder) }.map { file in
            (path: file.path, sum: SHA256.hex(try Data(contentsOf: tree.root.appendingPathComponent(file.path))))
        }
        let list = try String(contentsOf: tree.root.appendingPathComponent(Self.list), encoding: .utf8)
        expectNone(Self.thawed(sums, list: list))
    }

    @Test("a wrong name, a gap, an unlisted and a changed migration are found")
    func finds() {
        let schema = SwiftSource(
            "S/Schema.swift", "static let migrations: [Migration] = [createA, addB]\nlet createC = 1")
        let files = [("0001_CreateA", 1, "CreateA"), ("0002_CreateC", 2, "CreateC"), ("0004_Stuff", 3, "Other")].map {
            SwiftSource("\(Self.folder)/\($0).swift", "static let x = Migration(\($1), \"\($2)\", [])")
        }
        #expect(Self.misnumbered(files).map(\.path) == [files[2].path, files[2].path, files[2].path])
        #expect(Self.unlisted(files, in: schema).map(\.line) == [1])
        let sums = [(path: "a", sum: "1"), (path: "b", sum: "2"), (path: "c", sum: "3")]
        #expect(Self.thawed(sums, list: "1  a\n9  b\n4  d\n").map(\.path) == ["b", "c", Self.list])
    }

    /// The words that the names begin with; a new one is welcome when it is a verb.
    private static let verbs = [
        "Create", "Add", "Drop", "Rename", "Move", "Split", "Merge", "Widen", "Replace", "Fill", "Rebuild", "Index",
    ]

    static func misnumbered(_ files: [SwiftSource]) -> [Violation] {
        files.enumerated().flatMap { index, file in
            let parts = file.name.split(separator: "_", maxSplits: 1).map(String.init)
            let (number, name) = (parts[0], parts.count > 1 ? parts[1] : "")
            var faults: [String] = []
            if number != String("000\(index + 1)".suffix(4)) {
                faults.append("is number \(index + 1) of the migrations, in four digits: rename it")
            }
            if !verbs.contains(where: { name.hasPrefix($0) && name.dropFirst($0.count).first?.isUppercase == true }) {
                faults.append("is not called NNNN_VerbObject, as 0001_CreateTenants")
            }
            let call = file.tokens.firstIndex { $0.isWord("Migration") }.map { file.tokens(from: $0, 5).map(\.text) }
            if call != ["Migration", "(", String(Int(number) ?? 0), ",", name] {
                faults.append("must make Migration(\(Int(number) ?? 0), \"\(name)\", …), as its file is called")
            }
            return faults.map { Violation(file, 1, $0) }
        }
    }

    static func unlisted(_ files: [SwiftSource], in schema: SwiftSource) -> [Violation] {
        let expected = files.map { file in
            let name = file.name.drop { $0 != "_" }.dropFirst()
            return name.prefix(1).lowercased() + name.dropFirst()
        }
        let start = schema.tokens.firstIndex { $0.isWord("migrations") } ?? 0
        let open = schema.tokens[start...].firstIndex { $0.isSymbol("=") } ?? start
        let close = schema.tokens[open...].firstIndex { $0.isSymbol("]") } ?? open
        let listed = schema.tokens[open..<close].filter { $0.kind == .word }.map(\.text)
        if listed == expected { return [] }
        return [
            Violation(
                schema, schema.tokens[start].line,
                "lists \(listed.joined(separator: ", ")), the folder holds \(expected.joined(separator: ", "))")
        ]
    }

    static func thawed(_ files: [(path: String, sum: String)], list: String) -> [Violation] {
        let lines = list.split(separator: "\n").map(String.init)
        let frozen = Dictionary(
            lines.map { (String($0.drop { $0 != " " }.trimmingPrefix("  ")), String($0.prefix { $0 != " " })) }
        ) { $1 }
        let changed = files.filter { frozen[$0.path] != $0.sum }.map { path, sum in
            Violation(
                path, 1,
                frozen[path] == nil
                    ? "is new: when it is ready, freeze it by the line \"\(sum)  \(path)\" in \(Self.list)"
                    : "has changed since it was frozen, but databases have run it: undo that, and write a new migration. "
                        + "(If no release holds it yet, its new line in \(Self.list) is \"\(sum)  \(path)\".)")
        }
        let paths = Set(files.map(\.path))
        let gone = frozen.keys.filter { !paths.contains($0) }.sorted().map { path in
            Violation(
                Self.list, (lines.firstIndex { $0.hasSuffix(path) } ?? 0) + 1,
                "\(path) is gone, but databases have run it: bring it back")
        }
        return changed + gone
    }
}
