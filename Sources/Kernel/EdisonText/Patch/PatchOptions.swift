/// How closely a text must match a patch. The default is strict: every line that the patch quotes must be there.
package struct PatchOptions: Hashable, Sendable {
    /// How many context lines at either end of a hunk may differ, as with `patch --fuzz`. The outer ones go first.
    package var fuzz = 0
    /// Takes hunks without context at the line they name. Otherwise such a hunk must stand at the end of the text,
    /// since nothing else says that it is in the right place.
    package var allowsZeroContext = false
    /// Differences of white space that do not count. The text keeps its own in the lines that stay.
    package var ignoring = WhiteSpaceRule.none

    package init(fuzz: Int = 0, allowsZeroContext: Bool = false, ignoring: WhiteSpaceRule = .none) {
        self.fuzz = fuzz
        self.allowsZeroContext = allowsZeroContext
        self.ignoring = ignoring
    }
}
