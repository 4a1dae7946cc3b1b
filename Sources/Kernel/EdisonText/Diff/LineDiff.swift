/// The difference of two texts by lines, shown to people and stored with every version.
///
/// The script is a shortest one. Lines are compared by their bytes, or by what a white space rule makes of them.
package struct LineDiff: Sendable {
    let old: [TextLine]
    let new: [TextLine]
    let rule: WhiteSpaceRule
    let changes: [EditScript.Change]
    /// One of the texts holds a NUL: there is no difference by lines to show.
    package let isBinary: Bool

    package init(from oldText: String, to newText: String, ignoring rule: WhiteSpaceRule = .none) {
        self.init(from: Array(oldText.utf8), to: Array(newText.utf8), ignoring: rule)
    }

    /// For texts that may not be valid UTF-8.
    package init(from oldBytes: [UInt8], to newBytes: [UInt8], ignoring rule: WhiteSpaceRule = .none) {
        old = TextLines.split(oldBytes)
        new = TextLines.split(newBytes)
        self.rule = rule
        changes = EditScript(old, new, ignoring: rule).changes
        isBinary = TextLines.isBinary(oldBytes) || TextLines.isBinary(newBytes)
    }

    package var addedCount: Int { counted.reduce(0) { $0 + $1.new.count } }
    package var deletedCount: Int { counted.reduce(0) { $0 + $1.old.count } }
    package var isEmpty: Bool { counted.isEmpty }

    /// The changes that the rule does not ignore.
    var counted: [EditScript.Change] { changes.filter { !isIgnored($0) } }

    func isIgnored(_ change: EditScript.Change) -> Bool {
        old[change.old].allSatisfy(rule.ignores) && new[change.new].allSatisfy(rule.ignores)
    }

    /// The difference as a patch that can be applied, sent and stored; without hunks when nothing changed, and for
    /// binary content.
    package func patch(context: Int = 3, path: String = "prompt.txt") -> Patch {
        let hunks = isBinary ? [] : HunkBuilder(diff: self, context: max(0, context)).hunks
        return Patch(oldPath: path, newPath: path, hunks: hunks)
    }

    /// The unified form; empty when nothing changed. For texts that are not UTF-8 take the bytes of ``patch``.
    package func unified(context: Int = 3, path: String = "prompt.txt") -> String {
        if isBinary, !isEmpty { return "Binary files a/\(path) and b/\(path) differ\n" }
        return patch(context: context, path: path).text
    }
}
