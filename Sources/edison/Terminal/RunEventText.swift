import EdisonCore
import EdisonExperiments
import EdisonPrompts
import Foundation

/// The words for what happens in a run.
struct RunEventText {
    let style: Style
    /// So many were made before the run was interrupted, and are told in short.
    var storedIterations = 0

    func lines(of event: RunEvent) -> [String] {
        if let iteration = event.iteration, iteration <= storedIterations { return short(event) }
        switch event {
        case .joining:
            return [
                style.cyan(
                    "Another process leads this run, within its limits; this one takes part, and goes on if that one dies."
                )
            ]
        case .leftOut(let words):
            return [style.yellow("This process takes no more part, and waits: \(words)")]
        case .decidedElsewhere(let version):
            return [style.yellow("Version \(version) was decided on elsewhere in the meantime; that decision stands.")]
        case .drafting(let model): return ["\(model) writes what the file leaves open …"]
        case .started(let cases, let resumed):
            let reserve = cases.reserve > 0 ? ", \(cases.reserve) in reserve" : ""
            let held = cases.isReserveTested ? "held out, from the reserve of the run before" : "held out"
            let words =
                cases.isEvaluation
                ? "Cases: \(cases.search)."
                : "Cases: \(cases.search) to search with, \(cases.holdout) \(held)\(reserve)."
            return [
                resumed
                    ? style.cyan(
                        "Going on with the run that was begun before: what is stored is told in short, and not asked again."
                    ) : "", words,
            ]
            .filter { !$0.isEmpty }
        case .wornHoldout(let tests, let isReserveUnseen):
            let runs = tests == 1 ? "an earlier run" : "\(tests) earlier runs"
            let way =
                isReserveUnseen
                ? "confirm_on: reserve tests on cases that no run was tested on"
                : "new cases would make the test worth more"
            return [style.yellow("The held-out cases have decided on \(runs) before: \(way).")]
        case .scored(let iteration, let version, let estimate):
            return [
                "",
                style.bold("Iteration \(iteration)") + "  version \(version) scores \(Figures.estimate(estimate)) "
                    + style.dim("on \(estimate.cases) \(estimate.cases == 1 ? "case" : "cases")"),
            ]
                + (iteration == 1 && estimate.cases < SmallSample.fewestForRareFailures
                    ? [style.dim("  \(SmallSample.missesRareFailures)")] : [])
        case .proposed(_, let candidates, let refused):
            if candidates == 0, refused.isEmpty { return ["  no new edit to race"] }
            let words = candidates == 0 ? "nothing" : candidates == 1 ? "1 candidate" : "\(candidates) candidates"
            return ["  \(words) to race"] + refused.map { style.dim("    \($0)") }
        case .raced: return []
        case .decided(_, let version, let parent): return decided(version, parent: parent)
        case .summarised(_, let headline):
            return headline.isEmpty ? [] : ["  " + style.dim(Figures.clipped(headline, 120))]
        case .stopping(let reason, let isKeptForTest):
            return ["", "Stopped: \(Figures.words(reason, isKeptForTest: isKeptForTest))."]
        case .confirming(let cases): return ["Comparing the best version with the first on \(cases) held-out cases …"]
        case .confirmed: return []
        }
    }

    private func short(_ event: RunEvent) -> [String] {
        switch event {
        case .scored(let iteration, let version, let estimate):
            [style.dim("Iteration \(iteration)  version \(version) scores \(Figures.estimate(estimate))")]
        case .decided(_, let version, _) where version.status == .accepted:
            [style.dim("  version \(version.number) accepted")]
        default: []
        }
    }

    private func decided(_ version: LoopVersion, parent: Int) -> [String] {
        let isAccepted = version.status == .accepted
        let word = isAccepted ? style.green("accepted") : style.red("rejected")
        let reason = version.decision.map { ": \($0.reason)" } ?? ""
        let headline = "  version \(version.number) \(word)\(reason)"
        guard isAccepted else {
            return [headline] + version.edits.prefix(1).map { style.dim("    - \(Figures.clipped($0.replace, 100))") }
        }
        let claims = version.edits.filter { !$0.claim.isEmpty }.map {
            style.dim("    why: \(Figures.clipped($0.claim, 160))")
        }
        var seen: Set<String> = []
        let distinct = claims.filter { seen.insert($0).inserted }
        return [headline] + DiffText(style: style).lines(of: version.diff).map { "    \($0)" } + distinct
    }
}

/// A unified diff for reading: no file names, no positions, coloured. A line that differs only in the line break at its
/// end, as the last line does when another is appended, is shown as unchanged.
struct DiffText {
    let style: Style

    func lines(of diff: String) -> [String] {
        let lines = diff.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).filter { line in
            !(line.isEmpty || line.hasPrefix("---") || line.hasPrefix("+++") || line.hasPrefix("\\")
                || line.hasPrefix("@@"))
        }
        var shown: [String] = []
        var index = 0
        while index < lines.count {
            let line = lines[index]
            let next = index + 1 < lines.count ? lines[index + 1] : ""
            if line.hasPrefix("-"), next.hasPrefix("+"), line.dropFirst() == next.dropFirst() {
                shown.append(style.dim(" \(line.dropFirst())"))
                index += 2
                continue
            }
            shown.append(
                line.hasPrefix("+") ? style.green(line) : line.hasPrefix("-") ? style.red(line) : style.dim(line))
            index += 1
        }
        return shown
    }
}
