import Testing

@Suite("Arrows")
struct ArrowTests {
    @Test("every target stands in a layer, and depends on nothing above it")
    func downward() async throws {
        let tree = try await SourceTree.current
        expectNone(tree.targets.flatMap { Self.upward($0, among: tree.targets, line: tree.manifestLine(of: $0.name)) })
    }

    @Test("features depend on each other only as ARCHITECTURE.md draws it")
    func features() async throws {
        let tree = try await SourceTree.current
        expectNone(
            tree.targets.flatMap { Self.sideways($0, among: tree.targets, line: tree.manifestLine(of: $0.name)) })
    }

    @Test("the kernel is pure: of what others wrote, it uses cryptography alone, and it awaits nothing")
    func kernel() async throws {
        let tree = try await SourceTree.current
        expectNone(tree.targets.flatMap { Self.impure($0, line: tree.manifestLine(of: $0.name)) })
        expectNone(tree.files.filter { $0.isUnder("Sources/Kernel") }.flatMap(Self.waiting))
    }

    @Test("no target reaches itself, neither by what is declared nor by what is imported")
    func acyclic() async throws {
        let tree = try await SourceTree.current
        var graph: [String: Set<String>] = [:]
        for target in tree.targets {
            let imported = tree.files(of: target).flatMap { $0.imports.map(\.module) }
            graph[target.name] = Set(target.targets + imported).subtracting([target.name])
        }
        if let cycle = Self.cycle(in: graph) {
            let path = cycle.joined(separator: " → ")
            expectNone([
                Violation("Package.swift", tree.manifestLine(of: cycle[0]), "\(path): turn one arrow into an event")
            ])
        }
        #expect(
            Self.cycle(in: FeatureArrows.allowed) == nil, "FeatureArrows.swift: the arrows that are drawn form a cycle")
    }

    @Test("an arrow up, an arrow aside, an impure kernel and a cycle are found")
    func finds() {
        let targets = [
            PackageTarget(
                "EdisonText", path: "Sources/Kernel/EdisonText", targets: ["EdisonSQL"], products: ["NIOCore"]),
            PackageTarget("EdisonSQL", path: "Sources/Platform/EdisonSQL", targets: ["EdisonPrompts"]),
            PackageTarget(
                "EdisonPrompts", path: "Sources/Features/Prompts", targets: ["EdisonDatasets", "EdisonText"]),
            PackageTarget("EdisonDatasets", path: "Sources/Features/Datasets", targets: ["ProviderSimulator"]),
            PackageTarget("ProviderSimulator", path: "Sources/ProviderSimulator", targets: ["EdisonSQL"]),
            PackageTarget("Stray", path: "Sources/Stray"),
        ]
        #expect(targets.map { Self.upward($0, among: targets, line: 1).count } == [1, 1, 0, 1, 1, 1])
        #expect(targets.map { Self.sideways($0, among: targets, line: 1).count } == [0, 0, 1, 0, 0, 0])
        #expect(targets.map { Self.impure($0, line: 1).count } == [1, 0, 0, 0, 0, 0])
        let file = SwiftSource("Sources/Kernel/A.swift", "// await\nfunc a() async {}")
        #expect(Self.waiting(file).map(\.line) == [2])
        #expect(Self.cycle(in: ["a": ["b"], "b": ["c", "d"], "d": ["b"]]) == ["b", "d", "b"])
    }

    static func upward(_ target: PackageTarget, among targets: [PackageTarget], line: Int) -> [Violation] {
        guard let layer = Layer(path: target.path) else {
            return [
                Violation(
                    "Package.swift", line,
                    "\(target.name) lies in \(target.path), which is no layer: put it under Kernel, Platform or Features"
                )
            ]
        }
        return targets.filter { target.targets.contains($0.name) }.compactMap { other in
            guard let reached = Layer(path: other.path), !layer.reach.contains(reached) else { return nil }
            return Violation(
                "Package.swift", line,
                "\(target.name) (\(layer.rawValue)) depends on \(other.name) (\(reached.rawValue)): arrows point down; "
                    + "move what both need below, or pass it in from above")
        }
    }

    static func sideways(_ target: PackageTarget, among targets: [PackageTarget], line: Int) -> [Violation] {
        guard Layer(path: target.path) == .feature else { return [] }
        let feature = String(target.name.trimmingPrefix("Edison"))
        guard let allowed = FeatureArrows.allowed[feature] else {
            return [
                Violation("Package.swift", line, "the feature \(feature) is new: give it a line in FeatureArrows.swift")
            ]
        }
        let features = targets.filter { target.targets.contains($0.name) && Layer(path: $0.path) == .feature }
        return features.map { String($0.name.trimmingPrefix("Edison")) }.filter { !allowed.contains($0) }.map {
            Violation(
                "Package.swift", line,
                "\(feature) depends on \($0), which FeatureArrows.swift does not allow: publish an event instead, or "
                    + "change the drawing in ARCHITECTURE.md and the list with it")
        }
    }

    static func impure(_ target: PackageTarget, line: Int) -> [Violation] {
        guard Layer(path: target.path) == .kernel else { return [] }
        return target.products.filter { $0 != "Crypto" }.map {
            Violation(
                "Package.swift", line, "\(target.name) uses \($0): the kernel has no effects; use it in the platform")
        }
    }

    static func waiting(_ file: SwiftSource) -> [Violation] {
        file.tokens.filter { $0.isWord("await") || $0.isWord("async") }.map {
            Violation(file, $0.line, "uses \($0.text): the kernel computes; what waits belongs to the platform")
        }
    }

    static func cycle(in graph: [String: Set<String>]) -> [String]? {
        var done: Set<String> = []
        func firstCycle(from nodes: [String], path: [String]) -> [String]? {
            for node in nodes {
                if let start = path.firstIndex(of: node) { return path[start...] + [node] }
                guard done.insert(node).inserted else { continue }
                if let cycle = firstCycle(from: (graph[node] ?? []).sorted(), path: path + [node]) { return cycle }
            }
            return nil
        }
        return firstCycle(from: graph.keys.sorted(), path: [])
    }
}
