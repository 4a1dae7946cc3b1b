import EdisonCore
import Foundation

/// The incumbent's score at the beginning of each iteration, with its interval; the same figures as a table.
struct ReportScorePlot: Sendable {
    struct Point: Sendable {
        let across: String
        let down: String
        /// The interval as a bar; nil where a ribbon shows it.
        let barTop: String?
        let barBottom: String?
        let isFirst: Bool
        let isChange: Bool
        let mark: Mark?
    }

    /// Words beside a point.
    struct Mark: Sendable {
        let words: String
        let place: String
        let down: String
        let shift: String
        let lift: String
        let style: String
    }

    struct Row: Sendable {
        let iteration: String
        let version: String
        let score: String
        let interval: String
        let cases: String
    }

    let title: String
    let description: String
    let levels: [ReportScale.Tick]
    let labels: [ReportScale.Tick]
    let ribbon: String?
    let line: String
    let points: [Point]
    let rows: [Row]
    /// What an interval on so few cases misses.
    let warning: String?

    init?(_ source: ReportSource) {
        let measured = source.measured
        guard measured.count > 1 else { return nil }
        let scores = measured.map { $0.composite["score"]?.double ?? 0 }
        let ranges = measured.map { ReportSource.range($0.composite["interval"]) }
        let names = measured.map { source.name($0.iteration["version_id"]) }
        let scale = ReportScale(
            covering: scores + ranges.compactMap(\.self).flatMap { [$0.lowerBound, $0.upperBound] })
        let places = scores.indices.map { 3 + 94 * Double($0) / Double(scores.count - 1) }
        func place(_ index: Int, _ value: Double) -> String {
            String(format: "%.1f %.1f", places[index], 100 - scale.share(value))
        }
        levels = scale.ticks(isSigned: false, isDown: true)
        let every = (scores.count + 11) / 12
        labels = scores.indices.filter { $0.isMultiple(of: every) }.map { index in
            ReportScale.Tick(
                place: ReportScale.percent(places[index]),
                words: (measured[index].iteration["number"]?.int ?? index + 1).description)
        }
        line = "M" + scores.indices.map { place($0, scores[$0]) }.joined(separator: "L")
        let isRibbon = !ranges.contains(nil)
        ribbon =
            isRibbon
            ? "M"
                + (scores.indices.map { place($0, ranges[$0]?.upperBound ?? scores[$0]) }
                + scores.indices.reversed().map { place($0, ranges[$0]?.lowerBound ?? scores[$0]) })
                .joined(separator: "L") + "Z" : nil
        let isChange = names.indices.map { $0 > 0 && names[$0] != names[$0 - 1] }
        points = scores.indices.map { index in
            let range = isRibbon ? nil : ranges[index]
            return Point(
                across: ReportScale.percent(places[index]), down: scale.down(scores[index]),
                barTop: range.map { scale.down($0.upperBound) }, barBottom: range.map { scale.down($0.lowerBound) },
                isFirst: index == 0, isChange: isChange[index],
                mark: Self.mark(
                    index, of: scores.count, names[index], scores[index], isChange: isChange[index],
                    place: ReportScale.percent(places[index]),
                    above: scale.down(ranges[index]?.upperBound ?? scores[index]),
                    below: scale.down(ranges[index]?.lowerBound ?? scores[index])))
        }
        rows = measured.indices.map { index in
            Row(
                iteration: (measured[index].iteration["number"]?.int ?? index + 1).description, version: names[index],
                score: ReportFigures.score(scores[index]),
                interval: ReportFigures.interval(ranges[index]) ?? ReportFigures.unknown,
                cases: measured[index].composite["cases"]?.int.map(ReportFigures.count) ?? ReportFigures.unknown)
        }
        warning = measured.contains { SmallSample.isThin($0.composite) } ? SmallSample.missesRareFailures : nil
        let fruitful = Set(source.raced.filter(\.isKept).compactMap { $0["iteration"]?.int }).count
        title =
            "\(fruitful == 0 ? "None" : "\(fruitful)") of \(ReportFigures.count(source.iterations.count, "iteration")) "
            + "brought a version that was kept"
        let (first, last) = (rows[0], rows[rows.count - 1])
        description =
            "From \(first.score) (\(first.interval)) for \(first.version) in iteration \(first.iteration) to "
            + "\(last.score) (\(last.interval)) for \(last.version) in iteration \(last.iteration)."
    }

    /// The first and the last point carry their score, the others the version that took the lead. The second goes below
    /// where the words of the first would be in its way.
    private static func mark(
        _ index: Int, of count: Int, _ name: String, _ score: Double, isChange: Bool, place: String, above: String,
        below: String
    ) -> Mark? {
        let words = "\(name) \(ReportFigures.score(score))"
        return switch index {
        case 0: Mark(words: words, place: place, down: above, shift: "-4", lift: "-8", style: "b")
        case count - 1: Mark(words: words, place: place, down: above, shift: "8", lift: "-8", style: "a e")
        case 1 where isChange && count > 6:
            Mark(words: name, place: place, down: below, shift: "0", lift: "16", style: "a m opt")
        case _ where isChange: Mark(words: name, place: place, down: above, shift: "0", lift: "-8", style: "a m opt")
        default: nil
        }
    }
}
