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
        package let text: String
    }

    package let parts: [Part]
    package let deletedTokens: [String]
    package let insertedTokens: [String]
    package let oldTokenCount: Int

    package init(from old: String, to new: String, mode: Mode = .tokens) {
        let before = Self.tokens(old, mode)
        let after = Self.tokens(new, mode)
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
        self.parts = parts
    }

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

    static func tokens(_ text: String, _ mode: Mode) -> [Token] {
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
        return tokens
    }
}
