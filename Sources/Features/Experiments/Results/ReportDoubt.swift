import EdisonCore

/// Something that a reader should know before trusting the figures.
struct ReportDoubt: Sendable {
    let claim: String
    let detail: String

    static func all(_ source: ReportSource) -> [ReportDoubt] {
        comparison(source) + judging(source) + data(source) + money(source)
    }

    private static func comparison(_ source: ReportSource) -> [ReportDoubt] {
        var doubts: [ReportDoubt] = []
        if source.holdout == nil, !source.raced.isEmpty {
            doubts.append(
                ReportDoubt(
                    claim: "No version was compared with the first one on held-out cases",
                    detail: "Gains on search cases are optimistic, since the loop chose by them."))
        }
        if let coverage = source.holdout?["coverage"]?.double, coverage < 1 {
            doubts.append(
                ReportDoubt(
                    claim: "Some held-out cases have no score under both versions",
                    detail: "\(ReportFigures.percent(coverage)) of them are compared."))
        }
        if let earlier = source.holdout?["earlier_tests"]?.int, earlier > 0 {
            doubts.append(
                ReportDoubt(
                    claim: "The held-out cases have decided on \(ReportFigures.count(earlier, "earlier run"))",
                    detail: "What does well on cases that have chosen before looks better on them than it is."))
        }
        if let repeats = source.holdout?["repeats"]?.int, repeats > 0 {
            doubts.append(
                ReportDoubt(
                    claim: "This run tested \(ReportFigures.count(repeats, "other version")) on the same cases before",
                    detail: "It went on after that. What is tested until it succeeds looks better than it is."))
        }
        let kept = source.raced.filter(\.isKept)
        let open = kept.filter { row in
            guard let range = ReportSource.range(row["decision"]?["interval"]) else { return true }
            return range.lowerBound <= 0
        }
        if !open.isEmpty {
            doubts.append(
                ReportDoubt(
                    claim: "Single steps are not certain by themselves",
                    detail: "The gain of \(open.count) of \(ReportFigures.count(kept.count, "kept version")) has an "
                        + "interval that holds zero. A race only filters"
                        + (source.holdout == nil ? "." : "; the held-out cases decide.")))
        }
        return doubts
    }

    private static func judging(_ source: ReportSource) -> [ReportDoubt] {
        var doubts = (source["agreement"]?["warnings"]?.array ?? []).compactMap(\.string).map { warning in
            let parts = warning.split(separator: ": ", maxSplits: 1).map(String.init)
            return parts.count == 2
                ? ReportDoubt(claim: parts[0], detail: ReportWords.sentence(parts[1]))
                : ReportDoubt(claim: warning, detail: "")
        }
        if let effect = ReportSource.range(source["pairwise"]?["length_controlled"]?["interval"]),
            effect.lowerBound > 0 || effect.upperBound < 0
        {
            doubts.append(
                ReportDoubt(
                    claim: "Judges of pairs prefer \(effect.lowerBound > 0 ? "longer" : "shorter") answers",
                    detail: "More than the versions themselves explain; the ranking at equal length stands beside."))
        }
        let judges = source.judges.filter { $0["mode"]?.string != "pairwise" }
        if judges.count == 1 {
            doubts.append(
                ReportDoubt(
                    claim: "One judge scores alone", detail: "Nothing tells how far another one would agree with it."))
        }
        if !source.judges.isEmpty, source.holdout?["corrected"]?.object == nil { doubts.append(labels(source)) }
        let invalid = source.judgments.count { $0["valid"]?.bool == false }
        if invalid > 0 {
            doubts.append(
                ReportDoubt(
                    claim: "\(ReportFigures.count(invalid, "judgment")) could not be used",
                    detail: "Of \(ReportFigures.count(source.judgments.count)); they enter no mean."))
        }
        let unscanned = source["safety"]?["invalid"]?.int ?? 0
        if unscanned > 0 {
            doubts.append(
                ReportDoubt(
                    claim: "\(ReportFigures.count(unscanned, "safety scan")) could not be used",
                    detail: "Whether those texts are safe is unknown; they raise no flag."))
        }
        return doubts
    }

    private static func labels(_ source: ReportSource) -> ReportDoubt {
        guard let labels = source["labels"]?.array, !labels.isEmpty else {
            return ReportDoubt(
                claim: "No person has rated these answers",
                detail: "The scores are the judges' opinion, not corrected by labels of people.")
        }
        let missing = source.holdout?["labels_missing"]?.int
        return ReportDoubt(
            claim: "Labels by people correct nothing yet",
            detail: missing.map { "\(ReportFigures.count($0, "more held-out case")) must be labelled for that." }
                ?? "No version was compared with the first one on held-out cases.")
    }

    private static func data(_ source: ReportSource) -> [ReportDoubt] {
        var doubts: [ReportDoubt] = []
        let failed = source.outputs.count { $0["error"]?.string != nil }
        if failed > 0 {
            doubts.append(
                ReportDoubt(
                    claim: "\(ReportFigures.count(failed, "answer")) failed",
                    detail: "Of \(ReportFigures.count(source.outputs.count)); they have no score."))
        }
        let synthetic = source.cases.count { $0["kind"]?.string == "synthetic" }
        if synthetic > 0 {
            doubts.append(
                ReportDoubt(
                    claim: synthetic == source.cases.count
                        ? "All cases are synthetic"
                        : "\(ReportFigures.count(synthetic)) of \(ReportFigures.count(source.cases.count, "case")) are "
                            + "synthetic",
                    detail: "How the prompt does on real ones is not measured."))
        }
        return doubts
    }

    private static func money(_ source: ReportSource) -> [ReportDoubt] {
        var doubts: [ReportDoubt] = []
        let prices = (source["unknown_prices"]?.array ?? []).compactMap(\.string)
        if !prices.isEmpty {
            doubts.append(
                ReportDoubt(
                    claim: "What the run cost is unknown",
                    detail: "No price is known for \(ReportFigures.list(prices))."))
        }
        if let overrun = OverrunWords(source.json.object ?? [:]) {
            doubts.append(ReportDoubt(claim: "The run spent \(overrun.claim)", detail: OverrunWords.reason))
        }
        if let open = source["unconfirmed_usd"]?.double, open > 0 {
            doubts.append(
                ReportDoubt(
                    claim:
                        "Up to \(ReportFigures.money(source["unconfirmed_usd"]) ?? "an unknown amount") more may have "
                        + "been spent",
                    detail: "By requests whose outcome nobody knows. Not in the cost."))
        }
        return doubts
    }
}
