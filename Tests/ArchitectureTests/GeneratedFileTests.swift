import Foundation
import Testing

@Suite("Generated files")
struct GeneratedFileTests {
    @Test("the list of the templates and assets that the program carries is fresh")
    func assets() async throws {
        let root = try await SourceTree.current.root
        let check = try await ChildProcess.run(["bash", "bin/lib/assets.sh", "--check"], in: root, seconds: 300)
        #expect(
            check.status == 0,
            "Sources/EdisonAssets/assets.c:1: is stale; renew it by bin/lib/assets.sh\n\(check.complaint)")
    }

    @Test("every file of a feature that is not Swift is carried by the program")
    func carried() async throws {
        let tree = try await SourceTree.current
        let list = try String(
            contentsOf: tree.root.appendingPathComponent("Sources/EdisonAssets/assets.c"), encoding: .utf8)
        let files = tree.paths.filter { path in
            path.hasPrefix("Sources/Features/") && !path.hasSuffix(".swift")
        }
        #expect(!files.isEmpty)
        expectNone(
            files.filter { !list.contains("#embed \"../../\($0)\"") }.map {
                Violation($0, 1, "is carried by nothing: renew Sources/EdisonAssets/assets.c by bin/lib/assets.sh")
            })
    }
}
