import EdisonCore

/// Each criterion in the first and in the last iteration, all on one axis from 0 to 1.
struct ReportCriteria: Sendable {
    struct Measure: Sendable {
        let middle: String
        let low: String?
        let high: String?
        let score: String
        let interval: String
    }

    struct Row: Sendable {
        let name: String
        let about: String
        let before: Measure?
        let after: Measure?
        let agreement: String
        let spoken: String
    }

    let title: String
    let caption: String
    let axis: [ReportScale.Tick]
    /// Whether there are two iterations to show.
    let isPair: Bool
    let hasAgreement: Bool
    let beforeHead: String
    let afterHead: String
    let rows: [Row]
    /// Models, tags and other kinds of cases in the last iteration.
    let facets: ReportModel.List<Facet>?

    struct Facet: Sendable {
        let name: String
        let score: String
        let interval: String
        let cases: String
    }

    init?(_ source: ReportSource) {
        let measured = source.measured.map(\.iteration)
        guard let last = measured.last, let first = measured.first else { return nil }
        let isPair = measured.count > 1
        let after = last["metrics"]?["per_criterion"]
        let before = isPair ? first["metrics"]?["per_criterion"] : nil
        let names = source.rubric.compactMap { $0["name"]?.string }
        let known = names.isEmpty ? after?.object?.keys ?? [] : names
        let estimates = known.flatMap { [before?[$0], after?[$0]] }.compactMap { $0 }
        guard !estimates.isEmpty else { return nil }
        let ranges = estimates.compactMap(Self.range)
        let isThin = estimates.contains { SmallSample.isThin($0) }
        let scale = ReportScale(covering: [0, 1] + ranges.flatMap { [$0.lowerBound, $0.upperBound] })
        let alphas = source["agreement"]?["per_criterion"]
        self.isPair = isPair
        axis = scale.ticks(isSigned: false)
        hasAgreement = known.contains { alphas?[$0]?.double != nil }
        beforeHead = "\(source.name(first["version_id"])), iteration \(first["number"]?.int ?? 1)"
        afterHead =
            isPair ? "\(source.name(last["version_id"])), iteration \(last["number"]?.int ?? measured.count)" : "Score"
        rows = known.map { name in
            let criterion = source.rubric.first { $0["name"]?.string == name }
            return Row(
                name: name, about: Self.about(criterion), before: Self.measure(before?[name], scale),
                after: Self.measure(after?[name], scale),
                agreement: alphas?[name]?.double.map { ReportFigures.decimal($0, 2) } ?? ReportFigures.unknown,
                spoken: Self.spoken(before?[name], after?[name], isPair: isPair))
        }
        let variant = source.variants.first?["name"]?.string.map { " under “\($0)”" } ?? ""
        title = isPair ? "Each criterion at the start and at the end" : "Each criterion\(variant)"
        caption =
            "Means over \(source.raced.isEmpty ? "the" : "search") cases with 95\u{A0}% intervals, on 0 to 1."
            + (isPair
                ? " Above, grey: iteration \(first["number"]?.int ?? 1). Below, blue: iteration \(last["number"]?.int ?? 2). The "
                    + "two rest on different numbers of cases." : "")
            + (isThin ? " \(SmallSample.missesRareFailures)" : "")
        facets = ReportModel.List(Self.facets(last["metrics"]))
    }

    private static func about(_ criterion: JSONValue?) -> String {
        [
            criterion?["weight"]?.double.map { "weight \(ReportFigures.plain($0))" },
            criterion?["check"].flatMap { $0.isNull ? nil : "checked by rule" },
            criterion?["gate"]?.bool == true ? "gate" : nil,
        ].compactMap(\.self).joined(separator: ", ")
    }

    private static func measure(_ estimate: JSONValue?, _ scale: ReportScale) -> Measure? {
        guard let score = estimate?["score"]?.double else { return nil }
        let range = range(estimate)
        return Measure(
            middle: scale.across(score), low: range.map { scale.across($0.lowerBound) },
            high: range.map { scale.across($0.upperBound) }, score: ReportFigures.score(score),
            interval: interval(estimate))
    }

    private static func range(_ estimate: JSONValue?) -> ClosedRange<Double>? {
        SmallSample.isTooFew(estimate) ? nil : ReportSource.range(estimate?["interval"])
    }

    private static func interval(_ estimate: JSONValue?) -> String {
        ReportFigures.interval(range(estimate)) ?? (SmallSample.isTooFew(estimate) ? SmallSample.tooFew : "no interval")
    }

    private static func spoken(_ before: JSONValue?, _ after: JSONValue?, isPair: Bool) -> String {
        let scores = [isPair ? before : nil, after].compactMap { $0?["score"]?.double }.map { ReportFigures.score($0) }
        return scores.joined(separator: ", then ")
    }

    private static func facets(_ metrics: JSONValue?) -> [Facet] {
        let models = metrics?["per_model"]?.object?.members ?? []
        let facets = metrics?["facets"]?.object?.members ?? []
        return ((models.count > 1 ? models : []) + facets).map { member in
            Facet(
                name: member.key.replacing(":", with: ": ", maxReplacements: 1),
                score: ReportFigures.score(member.value["score"]?.double),
                interval: interval(member.value),
                cases: member.value["cases"]?.int.map(ReportFigures.count) ?? ReportFigures.unknown)
        }
    }
}
