package import EdisonCore

/// What whoever runs the server decides of its outside.
package struct WebSettings: Sendable {
    /// Of a JSON body, in bytes.
    package var bodyLimit = 10 << 20
    /// Origins of pages elsewhere that may call the API; `https://app.example.org`.
    package var allowedOrigins: Set<String> = []
    /// Requests a minute of one caller; nil = no limit.
    package var requestsPerMinute: Int? = 1_200
    /// Of callers that nobody knows, by address.
    package var anonymousRequestsPerMinute: Int? = 120
    /// Of all callers of one organization together.
    package var organizationRequestsPerMinute: Int? = 12_000
    /// Connections at the same time; more of them wait.
    package var connectionLimit = 4_096
    /// Whether the connection is over TLS, here or at a proxy: then browsers are told to stay with it.
    package var isSecure = false
    /// The address of a caller is what a proxy before the server says it is.
    package var trustsProxy = false

    package init() {}
}
