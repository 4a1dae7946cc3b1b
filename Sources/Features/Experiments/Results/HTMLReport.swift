import EdisonCore
import EdisonResources
import Foundation
import Mustache

/// A run as one HTML file that needs nothing else: no script, no font, no address.
package struct HTMLReport: Sendable {
    private static let page = "Experiments/Templates/report.mustache"
    private static let style = "Experiments/Templates/report.css"
    /// One template a part of the page.
    private static let parts = "Experiments/Templates/report/"

    private let result: RunResult

    package init(_ result: RunResult) { self.result = result }

    package func text() throws -> String {
        let model = ReportModel(ReportSource(result), style: try Asset.text(Self.style))
        guard let text = try Self.library().render(model, withTemplate: "page") else {
            throw EdisonError(.internal, "The report's template is missing.")
        }
        return text
    }

    private static func library() throws -> MustacheLibrary {
        var library = MustacheLibrary()
        func add(_ asset: String, as name: String) throws {
            let source = ReportEscaping.pragma + (try Asset.text(asset))
            do { try library.register(source, named: name) } catch {
                throw EdisonError(.internal, "The report's template \"\(name)\" is broken.", underlying: error)
            }
        }
        try add(page, as: "page")
        for asset in Asset.names where asset.hasPrefix(parts) && asset.hasSuffix(".mustache") {
            try add(asset, as: String(asset.dropFirst(parts.count).dropLast(".mustache".count)))
        }
        return library
    }
}
