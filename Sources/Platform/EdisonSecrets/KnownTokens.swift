import Foundation
import Synchronization

/// Tokens whose signature this process has checked already, until they expire: the check is half of what a small
/// request costs. Whether a token's session still stands is asked of the database each time.
final class KnownTokens: Sendable {
    private struct Entry {
        let content: AccessTokens.Content
        let end: Date
    }

    private static let most = 10_000
    private let entries = Mutex<[String: Entry]>([:])

    func content(of token: String, at moment: Date) -> AccessTokens.Content? {
        entries.withLock { entries in
            guard let entry = entries[token], entry.end > moment else { return nil }
            return entry.content
        }
    }

    func keep(_ content: AccessTokens.Content, of token: String, until end: Date, at moment: Date) {
        entries.withLock { entries in
            if entries.count >= Self.most { entries = entries.filter { $0.value.end > moment } }
            // More callers than that within the life of a token: their tokens are checked each time.
            if entries.count < Self.most { entries[token] = Entry(content: content, end: end) }
        }
    }
}
