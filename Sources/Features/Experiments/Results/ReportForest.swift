import EdisonCore

/// Differences with their intervals on one axis, which holds every one of them in full.
struct ReportForest: Sendable {
    struct Row: Sendable {
        let name: String
        let outcome: String?
        let about: String
        let isKept: Bool
        let low: String?
        let high: String?
        let middle: String?
        let figure: String
        /// `up` or `down` only where the interval leaves out zero.
        let tone: String
        let interval: String
        let spoken: String
        /// A score of its own, for variants.
        var ownScore: String?
        var ownInterval: String?
    }

    struct Entry: Sendable {
        let name: String
        let outcome: String?
        let about: String
        let isKept: Bool
        let difference: Double?
        let range: ClosedRange<Double>?
        var ownScore: String?
        var ownInterval: String?
    }

    let title: String
    let axis: [ReportScale.Tick]
    let zero: String
    let rows: [Row]
    /// What several comparisons at once mean for each interval.
    var remark: String?

    init(title: String, _ entries: [Entry]) {
        self.title = title
        let scale = ReportScale(
            covering: [0] + entries.compactMap(\.difference)
                + entries.compactMap(\.range).flatMap { [$0.lowerBound, $0.upperBound] })
        axis = scale.ticks(isSigned: true)
        zero = scale.across(0)
        rows = entries.map { entry in
            let interval = ReportFigures.signedInterval(entry.range)
            let isUp = (entry.range?.lowerBound ?? 0) > 0
            let isDown = (entry.range?.upperBound ?? 0) < 0
            return Row(
                name: entry.name, outcome: entry.outcome, about: entry.about, isKept: entry.isKept,
                low: entry.range.map { scale.across($0.lowerBound) },
                high: entry.range.map { scale.across($0.upperBound) }, middle: entry.difference.map(scale.across),
                figure: ReportFigures.signed(entry.difference), tone: isUp ? "up" : isDown ? "down" : "same",
                interval: entry.difference == nil ? "" : interval ?? "no interval",
                spoken: "\(ReportFigures.signed(entry.difference)), \(interval ?? "no interval")",
                ownScore: entry.ownScore, ownInterval: entry.ownInterval)
        }
    }

    /// What each raced version gained over the one that it had to beat.
    init?(gains source: ReportSource) {
        let rows = source.raced.filter { $0["decision"]?["delta"]?.double != nil }
        guard !rows.isEmpty else { return nil }
        let kept = rows.count(where: \.isKept)
        self.init(
            title: "\(kept) of \(ReportFigures.count(rows.count, "raced version")) \(kept == 1 ? "was" : "were") kept",
            rows.map { row in
                let decision = row["decision"]
                let opponents =
                    [decision?["against_version_id"] ?? row["parent_id"]] + (decision?["and_version_ids"]?.array ?? [])
                let opponent = opponents.map { source.name($0) }.joined(separator: " and ")
                let cases = decision?["cases"]?.int.map { ", \(ReportFigures.count($0, "case"))" } ?? ""
                return Entry(
                    name: source.name(row["id"]), outcome: row.isKept ? "kept" : "dropped",
                    about: "against \(opponent)\(cases)", isKept: row.isKept,
                    difference: decision?["delta"]?.double, range: ReportSource.range(decision?["interval"]))
            })
    }

    /// Each variant with its score, and against the first.
    init?(variants source: ReportSource) {
        guard !source.variants.isEmpty else { return nil }
        let first = source.variants[0]["name"]?.string ?? "the first"
        self.init(
            title: "Each variant against “\(first)”",
            source.variants.enumerated().map { index, row in
                let comparison = row["comparison"]?.asObject
                let verdict = ReportWords.verdict(comparison?["verdict"]?.string)
                return Entry(
                    name: row["name"]?.string ?? "–",
                    outcome: index == 0 ? "what the others are compared with" : verdict, about: Self.about(row),
                    isKept: comparison?["verdict"] == "better", difference: comparison?["difference"]?.double,
                    range: ReportSource.range(comparison?["interval"]),
                    ownScore: ReportFigures.score(row["score"]?.double),
                    ownInterval: ReportFigures.interval(ReportSource.range(row["interval"])) ?? "no interval")
            })
        remark = source.variants.count > 2 ? SmallSample.eachForItself : nil
    }

    private static func about(_ row: JSONValue) -> String {
        [
            row["model"]?.string, row["cases"]?.int.map { ReportFigures.count($0, "case") },
            "cost \(ReportFigures.money(row["cost_usd"]) ?? "unknown")",
            row["latency_ms_median"]?.double.map { "median \(ReportFigures.duration(Int($0.rounded())))" },
            row["comparison"]?["p_adjusted"]?.double.map { value in
                "p \(value < 0.001 ? "< 0.001" : "= \(ReportFigures.decimal(value, 3))") after Holm"
            },
        ].compactMap(\.self).joined(separator: ", ")
    }
}
