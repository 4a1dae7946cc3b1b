package import EdisonCore

extension APIRequest {
    /// The value of the page's cookie that the caller was known by; nil = by something else.
    package var sessionCookie: String? {
        let credentials = Credentials(method, headers)
        return credentials.bearer == nil ? credentials.cookie : nil
    }

    /// For what no program may do, whatever its key allows.
    package func requirePerson() throws -> UserID {
        if case .key = principal { throw EdisonError(.forbidden, "Only a person can do this, and no API key.") }
        return try requireUser()
    }

    /// What logging out would end.
    package func requireSession() throws -> String {
        guard case .user(_, let session) = principal else {
            throw EdisonError(.forbidden, "Only a person can do this, and no API key.")
        }
        return session
    }
}
