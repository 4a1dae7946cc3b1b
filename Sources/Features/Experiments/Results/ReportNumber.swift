import EdisonCore

/// A figure of the run with what it needs beside it: where it comes from, its interval and its sample.
struct ReportNumber: Sendable {
    let label: String
    let value: String
    var beside: String?
    var foot: String?
    /// Cases that got better, got worse and stayed.
    var counts: Counts?

    struct Counts: Sendable {
        let better: Int
        let worse: Int
        let same: Int
    }

    static func all(_ source: ReportSource) -> [ReportNumber] {
        [
            heldOut(source), counts(source), variants(source), search(source), raced(source), agreement(source),
            cost(source),
        ]
        .compactMap(\.self)
    }

    private static func heldOut(_ source: ReportSource) -> ReportNumber? {
        guard let holdout = source.holdout, let best = holdout["best"]?.double else { return nil }
        let interval = ReportFigures.interval(ReportSource.range(holdout["interval"])).map { " (\($0))" } ?? ""
        return ReportNumber(
            label: "Held-out score", value: ReportFigures.score(best),
            beside: "from \(ReportFigures.score(holdout["first"]?.double))",
            foot:
                "\(ReportFigures.signed(holdout["difference"]?.double))\(interval), n\u{A0}=\u{A0}\(holdout["cases"]?.int ?? 0)"
        )
    }

    /// Only where they are the same cases that the test rests on.
    private static func counts(_ source: ReportSource) -> ReportNumber? {
        guard let holdout = source.holdout, let cases = holdout["cases"]?.int, cases > 0 else { return nil }
        let pairs = ReportCases(source).differences(
            of: holdout["version_id"]?.string ?? "",
            from: holdout["baseline_version_id"]?.string ?? source.first?["id"]?.string ?? "", split: "holdout")
        guard pairs.count == cases else { return nil }
        let better = pairs.count { $0 > 1e-9 }
        let worse = pairs.count { $0 < -1e-9 }
        return ReportNumber(
            label: "Cases, \(source.name(holdout["version_id"])) against v1", value: "",
            foot: "better, worse, same",
            counts: Counts(better: better, worse: worse, same: cases - better - worse))
    }

    private static func variants(_ source: ReportSource) -> ReportNumber? {
        guard !source.variants.isEmpty else { return nil }
        let better = source.variants.count { $0["comparison"]?["verdict"] == "better" }
        return ReportNumber(
            label: "Variants", value: "\(source.variants.count)", beside: "\(better) better than the first",
            foot: ReportFigures.count(source.cases.count, "case"))
    }

    private static func search(_ source: ReportSource) -> ReportNumber? {
        // With variants it is the score of the first alone, which the table shows.
        guard source.variants.isEmpty else { return nil }
        let measured = source.measured.map(\.composite)
        guard let last = measured.last ?? source["composite"], let score = last["score"]?.double else { return nil }
        let foot = [
            ReportFigures.interval(ReportSource.range(last["interval"])) ?? "no interval",
            last["cases"]?.int.map { ReportFigures.count($0, "case") },
        ]
        return ReportNumber(
            label: source.raced.isEmpty ? "Score" : "Search score", value: ReportFigures.score(score),
            beside: measured.count > 1 ? "from \(ReportFigures.score(measured[0]["score"]?.double))" : nil,
            foot: foot.compactMap(\.self).joined(separator: ", "))
    }

    private static func raced(_ source: ReportSource) -> ReportNumber? {
        let raced = source.raced
        guard !raced.isEmpty else { return nil }
        let kept = raced.count(where: \.isKept)
        return ReportNumber(
            label: "Versions kept", value: "\(kept)", beside: "of \(raced.count) tried",
            foot: ReportFigures.count(source.iterations.count, "iteration"))
    }

    private static func agreement(_ source: ReportSource) -> ReportNumber? {
        guard let alpha = source["agreement"]?["composite"]?.double else { return nil }
        let judges = source["agreement"]?["judges"]?.object?.count ?? 0
        return ReportNumber(
            label: "Judge agreement", value: "α \(ReportFigures.decimal(alpha, 2))",
            foot: "\(ReportFigures.count(judges, "judge")), "
                + ReportFigures.count(source["agreement"]?["outputs"]?.int ?? 0, "output"))
    }

    private static func cost(_ source: ReportSource) -> ReportNumber? {
        let calls = (source["calls"]?.object?.members ?? []).reduce(0) { $0 + ($1.value.int ?? 0) }
        let prices = (source["unknown_prices"]?.array ?? []).compactMap(\.string)
        let cost = ReportFigures.money(source["cost_usd"])
        return ReportNumber(
            label: "Cost", value: cost ?? "unknown",
            beside: cost == nil
                ? nil : ReportFigures.money(source.experiment?["stop"]?["max_budget_usd"]).map { "of \($0)" },
            foot: cost == nil && !prices.isEmpty
                ? "no price for \(prices.joined(separator: ", "))" : ReportFigures.count(calls, "call"))
    }
}
