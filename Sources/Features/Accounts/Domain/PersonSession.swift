package import EdisonCore

/// Where somebody is signed in: a program with tokens, or a browser with a cookie.
package struct PersonSession: Hashable, Sendable {
    package let id: String
    package let kind: SessionKind
    /// What the program calls itself.
    package let client: String?
    package let createdAt: Timestamp
    package let usedAt: Timestamp
    package let expiresAt: Timestamp
    /// Whether it is the session of whoever asks.
    package let isCurrent: Bool
}

/// How a session is shown: by access tokens or by a page's cookie.
package enum SessionKind: String, Sendable, CaseIterable { case api, page }

/// What a browser holds that has signed in.
package struct SignedInPage: Sendable {
    package let user: User
    /// The value of the cookie.
    package let cookie: String
    /// What the pages send with every change.
    package let csrf: String
}
