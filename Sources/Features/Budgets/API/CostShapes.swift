import EdisonCore
import EdisonLLM
import EdisonWeb

extension CostReport {
    static let shape = Shape<CostReport>(
        "CostReport",
        [
            .optionalTime("from", \.query.from), .optionalTime("to", \.query.to),
            .texts("by") { $0.query.by.map(\.rawValue) }, .part("total", CostFigures.shape, \.total),
            .parts("rows", CostRow.shape, \.rows), .bool("is_partial", \.isPartial),
        ])
}

extension CostFigures {
    static let shape = Shape<CostFigures>(
        "CostFigures",
        [
            .money("cost_usd", \.cost), .money("unconfirmed_usd", \.unconfirmed), .integer("calls", \.calls),
            .integer("cached_calls", \.cached), .integer("requests", \.requests),
            .integer("input_tokens", \.inputTokens), .integer("output_tokens", \.outputTokens),
            .integer("unpriced_calls", \.unpriced),
        ])
}

extension CostRow {
    static let shape = Shape<CostRow>("CostRow", values + names + CostFigures.shape.of(\.figures))

    /// null where it was not asked for, or a call has none.
    private static let values: [Property<CostRow>] = CostDimension.allCases.map { dimension in
        .optionalText(dimension.column) { $0.shown(dimension) }
    }
    private static let names: [Property<CostRow>] = CostDimension.allCases.compactMap { dimension in
        dimension.nameColumn.map { column in .optionalText(column) { $0.names[dimension] } }
    }

    private func shown(_ dimension: CostDimension) -> String? {
        guard let value = values[dimension], !value.isEmpty else { return nil }
        guard dimension == .day, let day = Int(value) else { return value }
        return String(BudgetPeriod.moment(of: day).rfc3339.prefix(10))
    }

    /// The cells of a file: money with all of its nine decimals.
    func cells(by dimensions: [CostDimension]) -> [String] {
        let keys = dimensions.flatMap { dimension -> [String] in
            let value = shown(dimension) ?? ""
            return dimension.nameColumn == nil ? [value] : [value, names[dimension] ?? ""]
        }
        return keys + [figures.cost.exactText, figures.unconfirmed.exactText]
            + [
                figures.calls, figures.cached, figures.requests, figures.inputTokens, figures.outputTokens,
                figures.unpriced,
            ].map(\.description)
    }

    static func columns(by dimensions: [CostDimension]) -> [String] {
        dimensions.flatMap { [$0.column, $0.nameColumn].compactMap(\.self) } + [
            "cost_usd", "unconfirmed_usd", "calls", "cached_calls", "requests", "input_tokens", "output_tokens",
            "unpriced_calls",
        ]
    }
}

extension CostDimension {
    /// Its name in answers, and as a filter.
    var column: String { nameColumn == nil ? rawValue : "\(rawValue)_id" }

    fileprivate var nameColumn: String? {
        switch self {
        case .project, .credential, .prompt, .experiment, .user: "\(rawValue)_name"
        case .provider, .model, .purpose, .day: nil
        }
    }
}
