import EdisonCore
import EdisonResources

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
        return try HTMLTemplates(page: Self.page, parts: Self.parts).text(model)
    }
}
