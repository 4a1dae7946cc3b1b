import Foundation

/// Everything that the rules look at, read once for all of them.
struct SourceTree: Sendable {
    let root: URL
    /// Every file under the folders of sources, from the root, in order.
    let paths: [String]
    let files: [SwiftSource]
    let manifest: SwiftSource
    let targets: [PackageTarget]

    static var current: SourceTree { get async throws { try await loaded.value } }

    private static let loaded = Task { try await SourceTree() }

    private init() async throws {
        var root = URL(fileURLWithPath: #filePath)
        while root.path != "/", !FileManager.default.fileExists(atPath: "\(root.path)/Package.swift") {
            root.deleteLastPathComponent()
        }
        self.root = root
        func text(_ path: String) throws -> String {
            try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
        }
        targets = try await PackageTarget.all(in: root)
        let hasBenchmarks = targets.contains { Layer(path: $0.path) == .benchmarks }
        paths = try (["Sources", "Support", "Tests"] + (hasBenchmarks ? ["Benchmarks"] : [])).flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: "\(root.path)/\(folder)").map { "\(folder)/\($0)" }
        }.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(root.path)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
        files = try paths.filter { $0.hasSuffix(".swift") }.map { SwiftSource($0, try text($0)) }
        manifest = SwiftSource("Package.swift", try text("Package.swift"))
    }

    var sources: [SwiftSource] { files.filter { $0.isUnder("Sources") } }

    func files(of target: PackageTarget) -> [SwiftSource] { files.filter { $0.isUnder(target.path) } }

    func target(_ name: String) -> PackageTarget? { targets.first { $0.name == name } }

    /// The line of Package.swift that declares a target: `feature("Prompts", …)` or `.target(name: "EdisonServer", …)`.
    func manifestLine(of target: String) -> Int {
        let tokens = manifest.tokens
        let declares = tokens.indices.dropFirst().last { index in
            tokens[index].kind == .text
                && [target, String(target.trimmingPrefix("Edison"))].contains(tokens[index].text)
                && (tokens[index - 1].isSymbol("(") || tokens[index - 1].isSymbol(":"))
        }
        return declares.map { tokens[$0].line } ?? 1
    }
}
