import EdisonCore

/// What Bedrock is asked with: a key of its own, or a pair of keys of AWS that sign each request.
enum AWSCredentials: Hashable, Sendable {
    case bearer(Secret)
    case keys(id: String, secret: Secret, session: Secret?)

    /// Reads the pair as JSON, in the words of AWS's own tools (`AccessKeyId`, …, also inside `Credentials`, as
    /// `aws sts` prints them) or in lower case; what is no JSON is a key of Bedrock.
    ///
    /// - Throws: `ProviderFailure` in words that show nothing of it.
    init(_ text: String) throws {
        guard let json = try? JSONValue(parsing: text), json.object != nil else {
            self = .bearer(Secret(text))
            return
        }
        let fields = json["Credentials"] ?? json
        func field(_ names: String...) -> String? { names.compactMap { OpenAIFormat.nonEmpty(fields[$0]) }.first }
        guard let id = field("access_key_id", "AccessKeyId", "aws_access_key_id"),
            let secret = field("secret_access_key", "SecretAccessKey", "aws_secret_access_key")
        else {
            throw ProviderFailure(
                .refusedKey, "the key holds no access_key_id and secret_access_key", code: "refused")
        }
        self = .keys(
            id: id, secret: Secret(secret),
            session: field("session_token", "SessionToken", "aws_session_token").map(Secret.init))
    }

    /// What must stand in no message, each by itself.
    var secrets: [String] {
        switch self {
        case .bearer(let key): [key.revealed]
        case .keys(_, let secret, let session): [secret.revealed, session?.revealed].compactMap(\.self)
        }
    }
}
