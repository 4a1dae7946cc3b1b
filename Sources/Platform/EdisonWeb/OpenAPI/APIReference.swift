import EdisonCore
import EdisonResources
import Foundation
import HTTPTypes
import Synchronization

/// The API's description of itself: a document for programs and a page for people, both made when they are first asked
/// for.
package final class APIReference: Sendable {
    private struct Made: Sendable {
        let document: [UInt8]
        let documentTag: EntityTag
        let page: [UInt8]
        let style: String
    }

    private let others: [Endpoint]
    private let made = Mutex<Made?>(nil)

    /// - Parameter endpoints: all others.
    package init(describing endpoints: [Endpoint]) { others = endpoints }

    private static let group = "Reference"

    package var endpoints: [Endpoint] {
        [
            .get(
                "/api/v1/openapi.json", "The description of the API for programs, OpenAPI 3.1.", in: Self.group, .open,
                .raw(.ok, "application/json")
            ) { _ in
                let made = try self.make()
                return Answer(
                    .ok, .bytes(made.document, type: "application/json"),
                    headers: [.eTag: made.documentTag.text, .cacheControl: "no-cache"])
            },
            .get("/docs/api", "This page.", in: Self.group, .open, .raw(.ok, "text/html")) { _ in
                let made = try self.make()
                return Answer(
                    .ok, .bytes(made.page, type: "text/html; charset=utf-8"),
                    headers: [.contentSecurityPolicy: Self.policy(made.style), .cacheControl: "no-cache"])
            },
            .get("/", "Leads to this page.", in: Self.group, .open, .raw(.seeOther, "text/plain")) { _ in
                Answer(
                    .seeOther, .bytes(Array("See /docs/api\n".utf8), type: "text/plain; charset=utf-8"),
                    headers: [.location: "/docs/api"])
            },
        ]
    }

    package var document: OpenAPIDocument { OpenAPIDocument(others + endpoints) }

    private func make() throws -> Made {
        try made.withLock { made in
            if let made { return made }
            let all = others + endpoints
            let document = OpenAPIDocument(all)
            let style = "\n" + (try Asset.text("EdisonWeb/Templates/reference.css"))
            let page = try HTMLTemplates(
                page: "EdisonWeb/Templates/reference.mustache", parts: "EdisonWeb/Templates/reference/"
            ).text(ReferenceModel(all, document, style: style))
            let new = Made(
                document: Array((document.json.text() + "\n").utf8), documentTag: EntityTag(of: document.json),
                page: Array(page.utf8), style: style)
            made = new
            return new
        }
    }

    /// The page has no script, and the one style that it carries.
    private static func policy(_ style: String) -> String {
        let hex = Array(ContentHash(of: style).text.utf8)
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap { index in
            UInt8(String(decoding: hex[index..<index + 2], as: UTF8.self), radix: 16)
        }
        let hash = Data(bytes).base64EncodedString()
        return
            "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }
}
