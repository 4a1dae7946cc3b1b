import EdisonCore
import EdisonTestKit
import EdisonText
import Testing

@Suite("line diffs against git") struct LineDiffFixtureTests {
    @Test(
        "the unified diff is git's, or an equally short one that applies", provided("line_diff", in: "diff"),
        arguments: OracleCase.all("line_diff", in: "diff"))
    func lineDiff(_ oracle: OracleCase) {
        oracle.check { fixture in
            let (input, want) = (fixture.input, fixture.expected)
            let (old, new) = (try input.bytes(at: "old"), try input.bytes(at: "new"))
            guard let rule = WhiteSpaceRule(rawValue: try input.text(at: "ignore")) else {
                throw MissingField(key: "ignore")
            }
            let context = try input.int(at: "context")
            let diff = LineDiff(from: old, to: new, ignoring: rule)
            let faults = difference("binary", got: diff.isBinary, want: try want.bool(at: "binary"))
            let patch = diff.patch(context: context)
            if diff.isBinary { return faults + difference("hunks of a binary diff", got: patch.hunks.count, want: 0) }
            return try faults + Self.size(diff, patch, want)
                + Self.roundTrip(patch, old, new, rule, allowsZeroContext: context == 0)
        }
    }

    /// `exact`: byte for byte. `equivalent`: not longer than git's.
    private static func size(_ diff: LineDiff, _ patch: Patch, _ want: JSONValue) throws -> [String] {
        switch try want.text(at: "match") {
        case "exact":
            let hunks = patch.hunks.map { [$0.oldStart, $0.oldCount, $0.newStart, $0.newCount] }
            let wanted = try want.list(at: "hunks").map { hunk in
                try ["old_start", "old_count", "new_start", "new_count"].map { try hunk.int(at: $0) }
            }
            return byteDifference("unified", got: patch.bytes, want: try want.bytes(at: "unified"))
                + difference("hunks", got: hunks, want: wanted)
                + difference("added", got: diff.addedCount, want: try want.int(at: "added"))
                + difference("deleted", got: diff.deletedCount, want: try want.int(at: "deleted"))
        case "equivalent":
            let edits = diff.addedCount + diff.deletedCount
            let most = try want.int(at: "git_edits")
            let least = want["minimal_edits"]?.int ?? 0
            return (least...max(least, most)).contains(edits) ? [] : ["edits: got \(edits), want \(least) to \(most)"]
        case let match: return ["unknown match \"\(match)\""]
        }
    }

    /// Under a rule the texts only agree in what the rule counts.
    private static func roundTrip(
        _ patch: Patch, _ old: [UInt8], _ new: [UInt8], _ rule: WhiteSpaceRule, allowsZeroContext: Bool
    ) throws -> [String] {
        let options = PatchOptions(allowsZeroContext: allowsZeroContext, ignoring: rule)
        guard !patch.hunks.isEmpty else {
            return LineDiff(from: old, to: new, ignoring: rule).isEmpty ? [] : ["no hunks for different texts"]
        }
        let forth = try Patch(parsing: patch.bytes).apply(to: old, options: options)
        let back = try Patch(parsing: patch.bytes).reversed.apply(to: new, options: options)
        if rule == .none {
            return byteDifference("round trip", got: forth, want: new)
                + byteDifference("way back", got: back, want: old)
        }
        let isSame = LineDiff(from: forth ?? [], to: new, ignoring: rule).isEmpty
        let isBack = LineDiff(from: back ?? [], to: old, ignoring: rule).isEmpty
        return (isSame ? [] : ["round trip fails under \(rule)"]) + (isBack ? [] : ["way back fails under \(rule)"])
    }
}
