import EdisonCore

/// Where the best version differs from the first on the held-out cases, by kind of case.
struct ReportKinds: Sendable {
    struct Row: Sendable {
        let name: String
        let cases: String
        let difference: String
        let interval: String
        let word: String
        /// Grey: too few cases for more than a look.
        let isThin: Bool
    }

    let rows: [Row]

    /// nil without a hold-out, or where every kind holds all cases.
    init?(_ source: ReportSource) {
        let facets = source.holdout?["facets"]?.object?.members ?? []
        let all = source.holdout?["cases"]?.int ?? 0
        rows = facets.filter { ($0.value["cases"]?.int ?? 0) < all }.map(Self.row)
        if rows.isEmpty { return nil }
    }

    private static func row(_ member: (key: String, value: JSONValue)) -> Row {
        let cases = member.value["cases"]?.int ?? 0
        let isThin = cases < Int64(FacetDifference.fewestCases)
        let difference = member.value["difference"]?.double
        return Row(
            name: member.key.replacing(":", with: ": ", maxReplacements: 1), cases: ReportFigures.count(cases),
            difference: difference.map { ReportFigures.signed($0) } ?? ReportFigures.unknown,
            interval: SmallSample.isTooFew(member.value)
                ? ReportFigures.unknown
                : ReportFigures.interval(ReportSource.range(member.value["interval"])) ?? "no interval",
            word: isThin
                ? "too few cases"
                : member.value["different"]?.bool == true ? (difference ?? 0) > 0 ? "better" : "worse" : "not shown",
            isThin: isThin)
    }
}
