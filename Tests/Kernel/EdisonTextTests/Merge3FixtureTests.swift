import EdisonCore
import EdisonTestKit
import EdisonText
import Foundation
import Testing

@Suite("three-way merges against git merge-file") struct Merge3FixtureTests {
    @Test(
        "clean or not, and the texts, are git's", provided("merge3", in: "diff"),
        arguments: OracleCase.all("merge3", in: "diff"))
    func merge(_ oracle: OracleCase) {
        oracle.check { fixture in
            let want = fixture.expected
            let merge: ThreeWayMerge
            do throws(MergeError) { merge = try Self.merge(fixture.input) } catch {
                return difference("error", got: want["error"], want: "binary")
            }
            if let error = want["error"] { return ["merged, want \(error.text())"] }
            // Where the tools disagree, a conflict is always a right answer, a clean text only git's.
            if try !want.bool(at: "strict") {
                return merge.isClean
                    ? byteDifference(
                        "clean text", got: merge.bytes(resolving: .ours), want: try want.bytes(at: "merge")) : []
            }
            var faults = difference("clean", got: merge.isClean, want: try want.bool(at: "clean"))
            for resolution in ThreeWayMerge.Resolution.allCases {
                faults += byteDifference(
                    resolution.rawValue, got: merge.bytes(resolving: resolution),
                    want: try want.bytes(at: resolution.rawValue))
            }
            return faults
        }
    }

    /// The notes of the fixtures want this reported and not required: the cases of this repository are required all
    /// the same, those of another folder are reported.
    @Test(
        "conflicts are counted and marked as git does", provided("merge3", in: "diff"),
        arguments: OracleCase.all("merge3", in: "diff") { $0.expected["strict"] == true })
    func markers(_ oracle: OracleCase) {
        let isNamed = !(ProcessInfo.processInfo.environment["EDISON_FIXTURES"] ?? "").isEmpty
        withKnownIssue("wanted, not required", isIntermittent: true) {
            Self.checkMarkers(oracle)
        } when: {
            isNamed
        }
    }

    private static func checkMarkers(_ oracle: OracleCase) {
        oracle.check { fixture in
            let want = fixture.expected
            let merge = try Self.merge(fixture.input)
            var faults = difference("conflicts", got: merge.conflictCount, want: try want.int(at: "conflicts"))
            for style in ThreeWayMerge.MarkerStyle.allCases where want[style.rawValue] != nil {
                faults += byteDifference(
                    style.rawValue, got: merge.markedBytes(style), want: try want.bytes(at: style.rawValue))
            }
            return faults
        }
    }

    private static func merge(_ input: JSONValue) throws(MergeError) -> ThreeWayMerge {
        // A case without its texts differs in all it expects.
        func bytes(_ key: String) -> [UInt8] { (try? input.bytes(at: key)) ?? Array("no \(key)".utf8) }
        return try ThreeWayMerge(base: bytes("base"), ours: bytes("ours"), theirs: bytes("theirs"))
    }
}
