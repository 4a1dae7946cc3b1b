import Testing

/// SwiftPM does not reliably refuse an undeclared import within a package: an incremental build accepts even one that
/// points upward. So every import is held against the package description here.
@Suite("Imports")
struct ImportTests {
    /// Part of the toolchain: no target declares them.
    static let standard: Set = ["Foundation", "Dispatch", "Synchronization", "Glibc", "Musl", "Darwin"]
    static let ofTests: Set = ["Testing", "FoundationXML"]

    @Test("every Swift file belongs to a target")
    func owned() async throws {
        let tree = try await SourceTree.current
        let strays = tree.files.filter { file in !tree.targets.contains { file.isUnder($0.path) } }
        expectNone(
            strays.map {
                Violation($0, 1, "belongs to no target: move it into one, or declare its target in Package.swift")
            })
        #expect(tree.files.count > 100 && tree.targets.count > 10, "the tree was not read as a whole")
    }

    @Test("every import is a declared dependency of its target")
    func declared() async throws {
        let tree = try await SourceTree.current
        expectNone(tree.targets.flatMap { target in Self.undeclared(tree.files(of: target), in: target) })
    }

    @Test("every declared dependency is imported by its target")
    func used() async throws {
        let tree = try await SourceTree.current
        expectNone(
            tree.targets.flatMap { target in
                Self.unused(tree.files(of: target), in: target, line: tree.manifestLine(of: target.name))
            })
    }

    @Test("an undeclared import and an unused dependency are found")
    func finds() {
        let target = PackageTarget("EdisonText", path: "Sources/Kernel/EdisonText", targets: ["EdisonCore"])
        let file = SwiftSource(
            "Sources/Kernel/EdisonText/A.swift", "import Foundation\npackage import EdisonLLM\nimport Testing")
        #expect(Self.undeclared([file], in: target).map(\.line) == [2, 3])
        #expect(Self.unused([file], in: target, line: 7).map(\.line) == [7])
    }

    static func undeclared(_ files: [SwiftSource], in target: PackageTarget) -> [Violation] {
        let isForTests = target.path.hasPrefix("Tests/") || target.path.hasPrefix("Support/")
        let known = standard.union(target.dependencies).union(isForTests ? ofTests : [])
        return files.flatMap { file in
            file.imports.filter { !known.contains($0.module) }.map {
                Violation(
                    file, $0.line,
                    "imports \($0.module), which \(target.name) does not depend on: declare the dependency in "
                        + "Package.swift if the arrow is allowed (ARCHITECTURE.md), else do without it")
            }
        }
    }

    static func unused(_ files: [SwiftSource], in target: PackageTarget, line: Int) -> [Violation] {
        // A target in C imports by other means.
        guard !files.isEmpty else { return [] }
        let imported = Set(files.flatMap { $0.imports.map(\.module) })
        return target.dependencies.filter { !imported.contains($0) }.map {
            Violation(
                "Package.swift", line,
                "\(target.name) declares a dependency on \($0) that no file of it imports: take it out")
        }
    }
}
