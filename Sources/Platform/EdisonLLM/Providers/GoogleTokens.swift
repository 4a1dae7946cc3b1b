import EdisonCore
import Foundation

/// Gets tokens for service accounts and keeps each until a minute before it expires; calls that need the same one at
/// once share one request.
actor GoogleTokens {
    private struct Token: Sendable {
        let text: String
        let end: Date
    }

    private let transport: HTTPTransport
    private let now: @Sendable () -> Date
    private var held: [GoogleServiceAccount: Token] = [:]
    private var running: [GoogleServiceAccount: Task<Token, any Error>] = [:]

    init(transport: HTTPTransport, now: @escaping @Sendable () -> Date = { Date() }) {
        self.transport = transport
        self.now = now
    }

    func token(for account: GoogleServiceAccount) async throws -> String {
        if let token = held[account], token.end > now() { return token.text }
        if let task = running[account] { return try await task.value.text }
        // A task of its own: who began it may be cancelled, and others wait for it too.
        let task = Task { [transport, now] in try await Self.fetch(account, transport, now()) }
        running[account] = task
        defer { running[account] = nil }
        let token = try await task.value
        let moment = now()
        held = held.filter { $0.value.end > moment }
        held[account] = token
        return token.text
    }

    /// A token that was refused is not used again.
    func forget(_ text: String) { held = held.filter { $0.value.text != text } }

    private static func fetch(
        _ account: GoogleServiceAccount, _ transport: HTTPTransport, _ moment: Date
    ) async throws -> Token {
        let assertion = try account.assertion(at: moment)
        var request = HTTPTransport.Request(
            url: account.tokenAddress,
            headers: [
                ("accept", "application/json"), ("user-agent", "Edison"),
                ("content-type", "application/x-www-form-urlencoded"),
            ])
        // Every character of both values is one that forms leave as it is, but for the colons.
        request.bytes = Array(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=\(assertion)".utf8)
        do {
            let response = try await transport.send(request, timeout: .seconds(20))
            guard response.isSuccess else {
                var failure = ProviderErrors.failure(response)
                // An account that is unknown or switched off is told with 400.
                if failure.kind == .badRequest { failure.kind = .refusedKey }
                throw failure
            }
            let json = try? JSONValue(parsing: response.body)
            guard let text = json?["access_token"]?.string else {
                throw ProviderFailure(.malformed, "the answer holds no access_token")
            }
            let seconds = json?["expires_in"]?.double ?? 3_600
            return Token(text: text, end: moment.addingTimeInterval(max(0, min(seconds, 3_600) - 60)))
        } catch var failure as ProviderFailure {
            failure.message = "no token for the service account \(account.email): \(failure.message)"
            throw failure.cleaned(of: [assertion])
        }
    }
}
