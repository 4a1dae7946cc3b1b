import EdisonCore

/// The difference of the test at the end on a line, with zero, its interval and the band that counts as none.
struct ReportStrip: Sendable {
    let ticks: [ReportScale.Tick]
    let zero: String
    let bandStart: String?
    let bandWidth: String?
    let low: String
    let high: String
    let width: String
    let middle: String
    let lowWords: String
    let highWords: String
    let figure: String
    let title: String
    let description: String
    let caption: String

    init?(_ holdout: JSONValue, _ source: ReportSource) {
        guard let difference = holdout["difference"]?.double, let range = ReportSource.range(holdout["interval"]) else {
            return nil
        }
        let margin = source.experiment?["stop"]?["min_delta"]?.double.flatMap { $0 > 0 ? $0 : nil }
        let band = margin ?? 0
        let scale = ReportScale(covering: [range.lowerBound, range.upperBound, -band, band, 0], slack: 0.08)
        ticks = scale.ticks(isSigned: true)
        zero = scale.across(0)
        bandStart = margin.map { scale.across(-$0) }
        bandWidth = margin.map { ReportScale.percent(scale.share($0) - scale.share(-$0)) }
        low = scale.across(range.lowerBound)
        high = scale.across(range.upperBound)
        width = ReportScale.percent(scale.share(range.upperBound) - scale.share(range.lowerBound))
        middle = scale.across(difference)
        lowWords = ReportFigures.score(range.lowerBound)
        highWords = ReportFigures.score(range.upperBound)
        figure = ReportFigures.signed(difference)
        let name = source.name(holdout["version_id"])
        title = "Difference \(name) minus v1 on held-out cases"
        let bandWords = margin.map { " Differences within ±\(ReportFigures.plain($0)) count as none." } ?? ""
        let level = holdout["level"]?.double.map(ReportFigures.percent) ?? "95 %"
        description =
            "\(figure), \(level) interval from \(ReportFigures.signed(range.lowerBound)) to "
            + "\(ReportFigures.signed(range.upperBound)).\(bandWords)"
        let cases = holdout["cases"]?.int.map { ", \(ReportFigures.count($0, "case")) under both versions" } ?? ""
        let method = holdout["method"]?.string.map { ", \($0)" } ?? ""
        caption =
            "\(name) minus v1, \(level) interval\(method)\(cases)."
            + (margin.map { " Shaded: too small to matter (±\(ReportFigures.plain($0)))." } ?? "")
    }
}
