/// The difference of two texts by words: what a person reads as "this became that".
package struct WordDiff: Sendable {
    package enum Mode: String, Sendable, CaseIterable {
        /// Runs without white space.
        case words
        /// Runs of letters, digits and underscores; every other character that is no space stands alone.
        case tokens
    }

    package enum Kind: String, Sendable, CaseIterable {
        case equal = "="
        case delete = "-"
        case insert = "+"
    }

    package struct Part: Hashable, Sendable {
        package let kind: Kind
        /// As it stands in the new text, deleted parts as in the old one; white space before a token is part of it.
        /// Equal and inserted parts together are the new text, byte by byte.
        package let text: String
    }

    package let parts: [Part]
    package let deletedTokens: [String]
    package let insertedTokens: [String]
    package let oldTokenCount: Int
    /// The texts are the same, byte by byte.
    package let isEmpty: Bool

    package init(from old: String, to new: String, mode: Mode = .tokens) {
        let (before, _) = Self.tokens(old, mode)
        let (after, trailingSpace) = Self.tokens(new, mode)
        isEmpty = old.utf8.elementsEqual(new.utf8)
        var ids: [[UInt8]: Int] = [:]
        func number(_ token: Token) -> Int {
            let key = Array(token.word.utf8)
            if let id = ids[key] { return id }
            ids[key] = ids.count
            return ids.count - 1
        }
        let (deleted, inserted) = Myers.changes(before.map(number), after.map(number))
        oldTokenCount = before.count
        deletedTokens = zip(before, deleted).filter(\.1).map(\.0.word)
        insertedTokens = zip(after, inserted).filter(\.1).map(\.0.word)
        var parts: [Part] = []
        func add(_ kind: Kind, _ text: String) {
            if let last = parts.last, last.kind == kind {
                parts[parts.count - 1] = Part(kind: kind, text: last.text + text)
            } else {
                parts.append(Part(kind: kind, text: text))
            }
        }
        var (i, j) = (0, 0)
        while i < before.count || j < after.count {
            if i < before.count, deleted[i] {
                add(.delete, before[i].space + before[i].word)
                i += 1
            } else if j < after.count, inserted[j] {
                add(.insert, after[j].space + after[j].word)
                j += 1
            } else {
                add(.equal, after[j].space + after[j].word)
                i += 1
                j += 1
            }
        }
        if !trailingSpace.isEmpty { add(.equal, trailingSpace) }
        self.parts = parts
    }

    /// No word changed, but the white space between them did: people want to be told so, and not "no change".
    package var changesWhiteSpaceOnly: Bool { !isEmpty && deletedTokens.isEmpty && insertedTokens.isEmpty }

    /// The larger of deletions and insertions, as a share of the old text's tokens.
    package var changedRatio: Double {
        Double(max(deletedTokens.count, insertedTokens.count)) / Double(max(1, oldTokenCount))
    }

    /// The new passages, each as one text.
    package var insertions: [String] { parts.filter { $0.kind == .insert }.map(\.text) }

    struct Token {
        let space: String
        let word: String
    }

    /// The tokens, each with the white space before it, and the white space behind the last one.
    static func tokens(_ text: String, _ mode: Mode) -> (tokens: [Token], trailingSpace: String) {
        var tokens: [Token] = []
        var space = ""
        var word = ""
        func flush() {
            guard !word.isEmpty else { return }
            tokens.append(Token(space: space, word: word))
            space = ""
            word = ""
        }
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                flush()
                space.unicodeScalars.append(scalar)
            } else if mode == .words || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || scalar == "_" || scalar.properties.generalCategory == .nonspacingMark
            {
                word.unicodeScalars.append(scalar)
            } else {
                flush()
                word.unicodeScalars.append(scalar)
                flush()
            }
        }
        flush()
        return (tokens, space)
    }
}
