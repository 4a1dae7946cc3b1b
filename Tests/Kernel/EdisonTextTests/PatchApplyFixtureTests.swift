import EdisonCore
import EdisonTestKit
import EdisonText
import Testing

/// Where a case has an answer of Edison's own (`edison`), its policy differs from both tools: strict and fuzzy mode
/// follow the policy. Repairing counts repairs all that git repairs; else it may answer as git or by the policy.
@Suite("patches against git apply and GNU patch") struct PatchApplyFixtureTests {
    private static let provision = provided("patch_apply", in: "diff")

    @Test("strict mode applies what git applies", provision, arguments: OracleCase.all("patch_apply", in: "diff"))
    func strict(_ oracle: OracleCase) {
        oracle.check { fixture in
            let want = try fixture.expected["edison"] ?? Self.field("strict", fixture)
            return try Self.differences(fixture, want: want, PatchOptions())
        }
    }

    @Test("counts are repaired as git repairs them", provision, arguments: OracleCase.all("patch_apply", in: "diff"))
    func recount(_ oracle: OracleCase) {
        oracle.check { fixture in
            let want = try Self.field("recount", fixture)
            let isRepair = want != fixture.expected["strict"]
            let faults = try Self.differences(fixture, want: want, PatchOptions(), repairingCounts: true)
            guard !isRepair, !faults.isEmpty, let own = fixture.expected["edison"] else { return faults }
            return try Self.differences(fixture, want: own, PatchOptions(), repairingCounts: true)
        }
    }

    @Test("fuzz takes what GNU patch takes", provision, arguments: OracleCase.all("patch_apply", in: "diff"))
    func fuzz(_ oracle: OracleCase) {
        oracle.check { fixture in
            let want = try Self.field("fuzz2", fixture)
            // Null where GNU patch was not asked: fuzz then changes nothing.
            let policy = try fixture.expected["edison"] ?? (want == .null ? Self.field("strict", fixture) : want)
            return try Self.differences(fixture, want: policy, PatchOptions(fuzz: 2))
        }
    }

    @Test(
        "the way to each result can be taken back", provision,
        arguments: OracleCase.all("patch_apply", in: "diff") { fixture in
            let want = fixture.expected["edison"] ?? fixture.expected["strict"]
            return want?["ok"] == true && want?["result"] != .null && fixture.input["base"] != .null
        })
    func wayBack(_ oracle: OracleCase) {
        oracle.check { fixture in
            let want = try fixture.expected["edison"] ?? Self.field("strict", fixture)
            let (base, result) = (try fixture.input.bytes(at: "base"), try want.bytes(at: "result"))
            let patch = LineDiff(from: base, to: result).patch()
            return try byteDifference("forth", got: patch.apply(to: base), want: result)
                + byteDifference("back", got: patch.reversed.apply(to: result), want: base)
        }
    }

    private static func field(_ key: String, _ fixture: FixtureCase) throws -> JSONValue {
        guard let field = fixture.expected[key] else { throw MissingField(key: key) }
        return field
    }

    private static func differences(
        _ fixture: FixtureCase, want: JSONValue, _ options: PatchOptions, repairingCounts: Bool = false
    ) throws -> [String] {
        let input = fixture.input
        var options = options
        options.allowsZeroContext = input["zero_context"]?.bool ?? false
        do throws(PatchError) {
            let bytes: [UInt8]
            let base: [UInt8]?
            do { (bytes, base) = (try input.bytes(at: "patch"), try input.bytesOrNil(at: "base")) } catch {
                return ["\(error)"]
            }
            let read = try Patch(parsing: bytes, repairingCounts: repairingCounts)
            let result = try (input["reverse"]?.bool == true ? read.reversed : read).apply(to: base, options: options)
            guard want["ok"] == true else { return ["applied, want \(want.text())"] }
            return byteDifference("result", got: result, want: try? want.bytesOrNil(at: "result"))
                + (want["deleted"]?.bool == true ? difference("is deleted", got: result == nil, want: true) : [])
        } catch {
            guard want["ok"] == false else { return ["\(error)"] }
            return (error.reason.isEmpty ? ["no reason"] : [])
                + (want["error"].map { difference("error", got: JSONValue.string(error.kind.rawValue), want: $0) } ?? [])
        }
    }
}
