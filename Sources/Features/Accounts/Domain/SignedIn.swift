package import EdisonCore

/// What somebody holds who has logged in: a short-lived token to ask with, and one to get the next.
package struct SignedIn: Sendable {
    package let user: User
    package let organization: Organization?
    package let project: ProjectReference?
    package let accessToken: String
    package let refreshToken: String

    package let expiresIn: Int
}

/// The project that somebody lands in.
package struct ProjectReference: Hashable, Sendable {
    package let id: ProjectID
    package let slug: String
    package let name: String
}
