package import EdisonCore
package import HTTPTypes

/// What a form of a page sends: names and texts, percent-encoded.
package enum FormBody {
    package static let type = "application/x-www-form-urlencoded"

    /// Fields that were left empty are absent; of a repeated name the last one counts.
    package static func fields(_ bytes: [UInt8]) throws -> JSONObject {
        var fields = JSONObject()
        for pair in String(decoding: bytes, as: UTF8.self).split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let name = RequestTarget.decoded(sides[0]),
                let text = RequestTarget.decoded(sides[1])
            else { throw EdisonError(.invalid, "The form is malformed.", underlying: HTTPStatus(.badRequest)) }
            if !text.isEmpty { fields[name] = .string(text) }
        }
        return fields
    }
}

extension Endpoint {
    /// Takes the form of a page; a browser that was led here by a page of another site is refused.
    package static func form(
        _ path: PathTemplate, _ summary: String, in group: String, _ access: AccessRule,
        _ work: @escaping @Sendable (APIRequest, JSONObject) async throws -> Answer
    ) -> Endpoint {
        .raw(
            .post, path, summary, in: group, access, types: [FormBody.type], limit: 64 << 10,
            .raw(.seeOther, "text/html")
        ) { request in
            guard request.headers.isFromOwnPage ?? true else {
                throw EdisonError(.forbidden, "The form does not come from a page of this server.")
            }
            return try await work(request, try FormBody.fields(request.body))
        }
    }
}

extension HTTPFields {
    /// What the browser says of where a request comes from; no page can change it. nil: it says nothing, as programs do.
    package var isFromOwnPage: Bool? {
        self[HTTPField.Name("Sec-Fetch-Site")!].map { $0 == "same-origin" }
    }
}
