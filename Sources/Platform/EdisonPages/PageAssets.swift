package import EdisonCore
import EdisonResources
package import EdisonWeb
import HTTPTypes

/// What pages load: one style sheet, the scripts and the icons, under an address that changes with their content, so
/// that a browser keeps them for good.
package struct PageAssets: Sendable {
    private struct File: Sendable {
        let type: String
        let bytes: [UInt8]
    }

    /// Of the content of all of them.
    package let version: String
    private let files: [String: File]

    package init() throws {
        var files = ["edison.css": File(type: "text/css; charset=utf-8", bytes: Array(try StyleSheet.text().utf8))]
        for (name, type) in [
            ("theme.js", "text/javascript; charset=utf-8"), ("edison.js", "text/javascript; charset=utf-8"),
            ("icons.svg", "image/svg+xml"), ("chevron.svg", "image/svg+xml"), ("icon.svg", "image/svg+xml"),
        ] {
            files[name] = File(type: type, bytes: Array(try Asset.text("EdisonPages/Assets/\(name)").utf8))
        }
        self.files = files
        let all = files.sorted { $0.key < $1.key }.flatMap { $0.value.bytes }
        version = String(ContentHash(of: all).text.prefix(12))
    }

    package func path(_ name: String) -> String { "/assets/\(version)/\(name)" }

    var endpoint: Endpoint {
        .get(
            "/assets/{version}/{name}", "A style sheet, a script or the icons of the pages.", in: Endpoint.pages, .open,
            .raw(.ok, "text/css", "text/javascript", "image/svg+xml")
        ) { request in
            guard let file = files[try request.parameter("name")] else {
                throw EdisonError(.notFound, "There is nothing at this address.")
            }
            // A page of an earlier version may ask once more after the program was replaced.
            let isCurrent = try request.parameter("version") == version
            return Answer(
                .ok, .bytes(file.bytes, type: file.type),
                headers: [.cacheControl: isCurrent ? "public, max-age=31536000, immutable" : "no-cache"])
        }
    }
}
