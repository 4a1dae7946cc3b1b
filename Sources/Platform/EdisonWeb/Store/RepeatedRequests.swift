import EdisonCore
package import EdisonSQL
package import EdisonSecrets
import Foundation
import HTTPTypes

/// Gives a request that is sent again, with the same `Idempotency-Key`, the answer of the first time, for a day: what
/// a client sends twice because it heard no answer happens once.
package struct RepeatedRequests: Sendable {
    static let header = HTTPField.Name("Idempotency-Key")!
    static let kept: Duration = .seconds(24 * 3600)
    /// A request that has no answer by then is taken for lost with the process that had it.
    static let longest: Duration = .seconds(120)

    private let database: Database
    /// Answers may hold secrets that are shown once.
    private let box: SecretBox
    /// How long the same request waits for the answer of the first one.
    private let patience: Duration

    package init(database: Database, box: SecretBox, patience: Duration = .seconds(10)) {
        self.database = database
        self.box = box
        self.patience = patience
    }

    func once(
        _ request: APIRequest, _ endpoint: Endpoint, _ work: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        guard !endpoint.isRepeatable, let key = request.headers[Self.header] else { return try await work() }
        guard (1...255).contains(key.utf8.count) else {
            throw EdisonError(
                .invalid, "The Idempotency-Key must have 1 to 255 characters.", underlying: HTTPStatus(.badRequest))
        }
        let caller = request.principal.name ?? "address \(request.remoteAddress)"
        let entry = Entry(caller: caller, key: key, fingerprint: Self.fingerprint(of: request))
        if let known = try await begin(entry, until: .now + patience) { return known }
        do {
            let answer = try await work()
            try await end(entry, answer)
            return answer
        } catch {
            // What failed has changed nothing, and may be tried again.
            try? await database.write { db in try remove(entry, db) }
            throw error
        }
    }

    private static func fingerprint(of request: APIRequest) -> String {
        let query = request.queryItems.sorted { bytewise($0.key, $1.key) }.map { "\($0.key)=\($0.value)" }
        let head = "\(request.method) \(request.path)?\(query.joined(separator: "&"))\n"
        return ContentHash(of: Array(head.utf8) + request.body).text
    }

    private struct Entry: Sendable {
        let caller: String
        let key: String
        let fingerprint: String

        var row: String { "repeated_request/\(caller)/\(key)" }
    }

    private enum Beginning: Sendable {
        case first
        case known(Answer)
        case underWay
    }

    /// The answer of before, or of the same request that came a moment ago; nil = this is the first time.
    private func begin(_ entry: Entry, until end: ContinuousClock.Instant) async throws -> Answer? {
        while true {
            switch try await look(entry) {
            case .first: return nil
            case .known(let answer): return answer
            case .underWay:
                guard .now < end else { throw Self.underWay }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func look(_ entry: Entry) async throws -> Beginning {
        try await database.write { db in
            let now = Timestamp.now
            try db.execute(
                """
                DELETE FROM repeated_request WHERE created_at < \(now.advanced(by: .zero - Self.kept))
                    OR (answer IS NULL AND created_at < \(now.advanced(by: .zero - Self.longest)))
                """)
            let isFirst = try db.execute(
                """
                INSERT INTO repeated_request (caller, idempotency_key, fingerprint, created_at)
                VALUES (\(entry.caller), \(entry.key), \(entry.fingerprint), \(now)) ON CONFLICT DO NOTHING
                """)
            if isFirst > 0 { return .first }
            let row = try db.fetchOne(
                """
                SELECT fingerprint, answer FROM repeated_request
                WHERE caller = \(entry.caller) AND idempotency_key = \(entry.key)
                """)
            guard let row else { return .underWay }
            guard try row.string("fingerprint") == entry.fingerprint else {
                throw EdisonError(
                    .conflict, "This Idempotency-Key was sent with another request.",
                    detail: "Take a new key for each request that is not a repetition.")
            }
            guard let sealed = try row.optionalString("answer") else { return .underWay }
            return .known(Self.answer(try JSONValue(parsing: try box.open(sealed, for: entry.row))))
        }
    }

    private func end(_ entry: Entry, _ answer: Answer) async throws {
        guard let stored = Self.stored(answer) else {
            return try await database.write { db in try remove(entry, db) }
        }
        let sealed = try box.seal(stored.text(), for: entry.row)
        try await database.write { db in
            try db.execute(
                """
                UPDATE repeated_request SET answer = \(sealed)
                WHERE caller = \(entry.caller) AND idempotency_key = \(entry.key)
                """)
        }
    }

    private func remove(_ entry: Entry, _ db: any DatabaseConnection) throws {
        try db.execute(
            "DELETE FROM repeated_request WHERE caller = \(entry.caller) AND idempotency_key = \(entry.key)")
    }

    private static var underWay: EdisonError {
        EdisonError(
            .conflict, "The same request is still under way.", detail: "Send it again in a moment.",
            underlying: RetryAfter(seconds: 1))
    }

    /// nil: bytes and streams are not kept.
    private static func stored(_ answer: Answer) -> JSONValue? {
        let body: JSONValue
        switch answer.body {
        case .none: body = .null
        case .json(let json): body = json
        case .bytes, .stream: return nil
        }
        return [
            "status": .integer(Int64(answer.status.code)), "body": body,
            "etag": JSONValue(answer.headers[.eTag]), "location": JSONValue(answer.headers[.location]),
        ]
    }

    private static func answer(_ stored: JSONValue) -> Answer {
        var headers: HTTPFields = [HTTPField.Name("Idempotency-Replayed")!: "true"]
        headers[.eTag] = stored["etag"]?.string
        headers[.location] = stored["location"]?.string
        let body = stored["body"] ?? .null
        return Answer(
            HTTPResponse.Status(code: stored["status"]?.int ?? 200), body.isNull ? .none : .json(body), headers: headers
        )
    }
}
