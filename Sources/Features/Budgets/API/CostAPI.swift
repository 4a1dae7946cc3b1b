import EdisonCore
import EdisonWeb
import HTTPTypes

/// The addresses of cost reports.
struct CostAPI: Sendable {
    let costs: CostService

    private static let group = "Costs"

    var endpoints: [Endpoint] {
        [
            .get(
                "/projects/{project}/costs", "Says what a project's calls cost, by what is asked for.",
                in: Self.group, .project(.readCosts), query: Self.parameters, .one(CostReport.shape)
            ) { try await report($0) },
            .get(
                "/projects/{project}/costs/export", "The same as a file for spreadsheets.", in: Self.group,
                .project(.readCosts), query: Self.parameters, .raw(.ok, "text/csv")
            ) { Self.file(try await report($0)) },
            .get(
                "/organizations/{organization}/costs",
                "Says what the calls of all projects of an organization cost, by what is asked for.", in: Self.group,
                .organization(.readAllCosts), query: Self.parameters, .one(CostReport.shape)
            ) { try await report($0) },
            .get(
                "/organizations/{organization}/costs/export", "The same as a file for spreadsheets.", in: Self.group,
                .organization(.readAllCosts), query: Self.parameters, .raw(.ok, "text/csv")
            ) { Self.file(try await report($0)) },
        ]
    }

    private static let filters = CostDimension.allCases.filter { $0 != .day }

    private static let parameters =
        [
            QueryParameter(
                "by", .text(0...200),
                "Dimensions, with commas: \(CostDimension.allCases.map(\.rawValue).joined(separator: ", "))."),
            QueryParameter("from", .time, "Calls that began from this moment on."),
            QueryParameter("to", .time, "Calls that began before this moment."),
        ] + filters.map { QueryParameter($0.column, .text(1...200), "Only those.") }

    private func report(_ request: APIRequest) async throws -> CostReport {
        try await costs.report(
            try Self.query(request), of: try request.requireOrganization(), project: try request.requirePlace().project)
    }

    private static func query(_ request: APIRequest) throws -> CostQuery {
        var query = CostQuery()
        let words = (try request.query("by", .text(0...200)) ?? "").split(separator: ",").map(String.init)
        for word in words {
            guard let dimension = CostDimension(rawValue: word.trimmed), !query.by.contains(dimension) else {
                let known = CostDimension.allCases.map(\.rawValue).joined(separator: ", ")
                throw EdisonError(
                    .invalid, "The query has a fault.",
                    issues: [FieldIssue(path: "by", message: "must name each of these at most once: \(known)")])
            }
            query.by.append(dimension)
        }
        query.from = try request.query("from", .time)
        query.to = try request.query("to", .time)
        for dimension in filters { query.only[dimension] = try request.query(dimension.column, .text(1...200)) }
        return query
    }

    private static func file(_ report: CostReport) -> Answer {
        let dimensions = report.query.by
        // Without dimensions the one line is the total.
        let rows =
            dimensions.isEmpty ? [CostRow(values: [:], names: [:], figures: report.total)] : report.rows
        let lines = [CostRow.columns(by: dimensions)] + rows.map { $0.cells(by: dimensions) }
        return Answer(
            .ok, .bytes(Array(lines.map(CSVLine.text).joined().utf8), type: "text/csv; charset=utf-8"),
            headers: [.contentDisposition: "attachment; filename=\"costs.csv\""])
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
