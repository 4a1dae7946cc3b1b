import EdisonCore

/// Hears what providers tell beside their answers; passed to the providers when they are made, since a limit belongs
/// to a credential and not to one call.
package struct ProviderObserver: Sendable {
    /// The limits that an answer's headers show, of a refusal too; called before the answer is handed on.
    package let rateLimits: @Sendable (RateLimitObservation, Endpoint) -> Void

    package init(rateLimits: @escaping @Sendable (RateLimitObservation, Endpoint) -> Void) {
        self.rateLimits = rateLimits
    }

    package static let none = ProviderObserver { _, _ in }
}

extension Endpoint {
    /// Every text that must not stand in a message: the key, and headers that carry credentials.
    var secrets: [String] {
        let words = ["auth", "key", "token", "secret", "cookie"]
        let headers = (settings["headers"]?.object ?? [:]).compactMap { name, value -> String? in
            guard words.contains(where: { name.lowercased().contains($0) }) else { return nil }
            return value.string?.split(separator: " ").last.map(String.init)
        }
        return ([apiKey?.revealed].compactMap(\.self) + headers).filter { $0.count >= 4 }
    }
}

extension ProviderFailure {
    /// Shortened, on one line, and without a secret, should the provider repeat one.
    func cleaned(of secrets: [String]) -> ProviderFailure {
        var failure = self
        for secret in secrets { failure.message = failure.message.replacing(secret, with: "•••") }
        failure.message = failure.message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if failure.message.count > 500 { failure.message = "\(failure.message.prefix(500))…" }
        for secret in secrets { failure.code = failure.code?.replacing(secret, with: "•••") }
        return failure
    }
}
