/// Why a patch cannot be read or applied.
package struct PatchError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        /// There are hunks, but they contradict themselves or break off.
        case malformed
        /// There is no hunk.
        case notAPatch = "not_a_patch"
        /// The text is not the one that the patch was made from.
        case doesNotApply = "does_not_apply"
        case missingFile = "missing_file"
        case alreadyExists = "already_exists"
    }

    package let kind: Kind
    /// The line of the patch, from 1, where one is to blame.
    package let line: Int?
    /// What is wrong and what to do.
    package let reason: String

    init(_ kind: Kind, line: Int? = nil, _ reason: String) {
        self.kind = kind
        self.line = line
        self.reason = reason
    }

    package var description: String { line.map { "line \($0) of the patch: \(reason)" } ?? reason }
}
