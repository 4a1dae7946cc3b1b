import EdisonCore
import EdisonExperiments

/// What stands beside the figures of a run: what takes from their worth, and what a bar made of them.
extension ResultView {
    /// What takes from the worth of the test, and what it asked for beyond the usual.
    func doubts(_ holdout: JSONValue) -> [String] {
        var lines: [String] = []
        let finalists = holdout["finalists"]?.array?.count ?? 0
        if finalists > 0 { lines.append("  chosen among \(finalists) finalists, and tested at a stricter level") }
        if let earlier = holdout["earlier_tests"]?.int, earlier > 0 {
            lines.append(
                style.yellow("  these cases have decided on \(earlier) earlier run\(earlier == 1 ? "" : "s") before"))
        }
        if let repeats = holdout["repeats"]?.int, repeats > 0 {
            let versions = repeats == 1 ? "another version" : "\(repeats) other versions"
            let chances = repeats == 1 ? "one more chance" : "\(repeats) more chances"
            lines.append(
                style.yellow(
                    "  these cases have tested \(versions) of this run before it went on: \(chances) to be lucky"))
        }
        let warnings = result.json["agreement"]?["warnings"]?.array ?? []
        return lines + warnings.compactMap(\.string).map { style.yellow("  \($0)") }
    }

    var overspent: [String] { OverrunText(style).lines(of: result.json) }

    var cached: String {
        let count = result.json["cached_calls"]?.int ?? 0
        return count > 0 ? ", \(count) answered from the cache" : ""
    }

    /// What `--fail-under` found.
    var bar: [String] {
        guard let failUnder, let value = result.bar else { return [] }
        let words =
            "The score\(barSubject), \(Figures.score(value)), is \(value < failUnder ? "below" : "not below") the bar of \(failUnder)."
        return [value < failUnder ? style.red(words) : style.green(words)]
    }

    /// Of what `--fail-under` compares the score, where there are several.
    private var barSubject: String {
        if let name = result.json["variants"]?[0]?["name"]?.string { return " of \(name), the first variant" }
        guard result.json["holdout"]?.object != nil, let number = result.version(result.barVersion)?["number"]?.int
        else { return "" }
        return " of version \(number) on the held-out cases"
    }
}
