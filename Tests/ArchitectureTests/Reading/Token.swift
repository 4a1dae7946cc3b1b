/// A word, a symbol or a literal of a Swift file; white space and comments are none.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A keyword, a name or a number.
        case word
        /// One character of punctuation or of an operator.
        case symbol
        /// A string literal, without its quotes; each interpolation stands as `\()`, its code follows as tokens.
        case text
        /// A regular expression between slashes.
        case pattern
    }

    let kind: Kind
    let text: String
    let line: Int
    /// Whether nothing, not even a space, separates it from the token before: tells `try!` from `try !done`.
    let isAttached: Bool

    func isWord(_ word: String) -> Bool { kind == .word && text == word }
    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
}
