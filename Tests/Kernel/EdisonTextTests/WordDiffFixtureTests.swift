import EdisonCore
import EdisonTestKit
import EdisonText
import Testing

@Suite("word diffs against git") struct WordDiffFixtureTests {
    @Test(
        "the words are git's, or an equally short script", provided("word_diff", in: "diff"),
        arguments: OracleCase.all("word_diff", in: "diff"))
    func wordDiff(_ oracle: OracleCase) {
        oracle.check { fixture in
            let (input, want) = (fixture.input, fixture.expected)
            let (old, new) = (try input.text(at: "old"), try input.text(at: "new"))
            guard let mode = WordDiff.Mode(rawValue: try input.text(at: "mode")) else {
                throw MissingField(key: "mode")
            }
            let diff = WordDiff(from: old, to: new, mode: mode)
            return try Self.invariants(diff, old, new, mode) + Self.script(diff, want, mode)
        }
    }

    /// Common and inserted tokens are the new text's, common and deleted ones the old text's.
    private static func invariants(_ diff: WordDiff, _ old: String, _ new: String, _ mode: WordDiff.Mode) -> [String] {
        let shown = diff.parts.filter { $0.kind != .delete }.map(\.text).joined()
        return difference(
            "tokens of the new text", got: tokens(diff, [.equal, .insert], mode), want: tokens(new, mode))
            + difference("tokens of the old text", got: tokens(diff, [.equal, .delete], mode), want: tokens(old, mode))
            + byteDifference("the new text", got: Array(shown.utf8), want: Array(new.utf8))
            + difference("is empty", got: diff.isEmpty, want: Array(old.utf8) == Array(new.utf8))
    }

    private static func script(_ diff: WordDiff, _ want: JSONValue, _ mode: WordDiff.Mode) throws -> [String] {
        let (deleted, inserted) = (try want.int(at: "deleted_tokens"), try want.int(at: "inserted_tokens"))
        let edits = diff.deletedTokens.count + diff.insertedTokens.count
        var faults = difference("tokens of the old text", got: diff.oldTokenCount, want: try want.int(at: "old_tokens"))
        let ratio = want["changed_ratio"]?.double ?? -1
        if abs(diff.changedRatio - ratio) > 1e-12 {
            faults.append("changed ratio: got \(diff.changedRatio), want \(ratio)")
        }
        faults += difference("edits", got: edits, want: try want.int(at: "minimal_edits"))
        if edits > deleted + inserted { faults.append("edits: got \(edits), git has \(deleted + inserted)") }
        guard try want.text(at: "match") == "exact" else { return faults }
        let ops = try want.list(at: "ops")
        for kind in [WordDiff.Kind.delete, .insert] {
            let wanted = ops.filter { $0[0]?.string == kind.rawValue }.flatMap { tokens($0[1]?.string ?? "", mode) }
            faults += difference("tokens of \(kind)", got: tokens(diff, [kind], mode), want: wanted)
        }
        if !ops.isEmpty {
            // Git shows the lines around a change only: what it shows as common must be common here, in order.
            let common = ops.filter { $0[0]?.string == "=" }.flatMap { tokens($0[1]?.string ?? "", mode) }
            faults += difference(
                "common tokens", got: isSubsequence(common, of: tokens(diff, [.equal], mode)), want: true)
        }
        if edits == 0 { faults += difference("white space only", got: diff.changesWhiteSpaceOnly, want: !diff.isEmpty) }
        return faults
    }

    private static func isSubsequence(_ part: [[UInt8]], of whole: [[UInt8]]) -> Bool {
        var rest = part[...]
        for token in whole where token == rest.first { rest = rest.dropFirst() }
        return rest.isEmpty
    }

    private static func tokens(_ diff: WordDiff, _ kinds: [WordDiff.Kind], _ mode: WordDiff.Mode) -> [[UInt8]] {
        diff.parts.filter { kinds.contains($0.kind) }.flatMap { tokens($0.text, mode) }
    }

    /// A second reading of the rule, with nothing taken from the implementation: `[[:alnum:]_]+|[^[:space:]]`.
    private static func tokens(_ text: String, _ mode: WordDiff.Mode) -> [[UInt8]] {
        var tokens: [String.UnicodeScalarView] = []
        var isOpen = false
        for scalar in text.unicodeScalars {
            let isSpace = scalar.properties.isWhitespace
            let isWord = mode == .words || scalar == "_" || Character(scalar).isLetter || Character(scalar).isNumber
            if isSpace {
                isOpen = false
            } else if isOpen, isWord {
                tokens[tokens.count - 1].append(scalar)
            } else {
                tokens.append(String.UnicodeScalarView([scalar]))
                isOpen = isWord
            }
        }
        return tokens.map { Array(String($0).utf8) }
    }
}
