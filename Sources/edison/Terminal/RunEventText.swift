import EdisonCore
import EdisonExperiments
import EdisonPrompts
import Foundation

/// The words for what happens in a run.
struct RunEventText {
    let style: Style

    func lines(of event: RunEvent) -> [String] {
        switch event {
        case .started(let cases, let resumed):
            let reserve = cases.reserve > 0 ? ", \(cases.reserve) in reserve" : ""
            return [
                resumed ? style.cyan("Going on with the run that was begun before.") : "",
                "Cases: \(cases.search) to search with, \(cases.holdout) held out\(reserve).",
            ].filter { !$0.isEmpty }
        case .scored(let iteration, let version, let estimate):
            return [
                "",
                style.bold("Iteration \(iteration)") + "  version \(version) scores \(Figures.estimate(estimate)) "
                    + style.dim("on \(estimate.cases) cases"),
            ]
        case .proposed(_, let candidates, let refused):
            let words = candidates == 1 ? "1 candidate" : "\(candidates) candidates"
            return ["  \(words) to race" + (refused.isEmpty ? "" : style.dim(", \(refused.count) proposals refused"))]
                + refused.map { style.dim("    \($0)") }
        case .raced: return []
        case .decided(_, let version, let parent): return decided(version, parent: parent)
        case .summarised(_, let headline): return headline.isEmpty ? [] : ["  " + style.dim(headline)]
        case .stopping(let reason, _): return ["", "Stopped: \(Figures.words(reason))."]
        case .confirming(let cases): return ["Comparing the best version with the first on \(cases) held-out cases …"]
        case .confirmed: return []
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
        return [headline] + DiffText(style: style).lines(of: version.diff).map { "    \($0)" } + claims
    }
}

/// A unified diff for reading: no file names, no positions, coloured.
struct DiffText {
    let style: Style

    func lines(of diff: String) -> [String] {
        diff.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).compactMap { line in
            if line.isEmpty || line.hasPrefix("---") || line.hasPrefix("+++") || line.hasPrefix("\\") { return nil }
            if line.hasPrefix("@@") { return nil }
            if line.hasPrefix("+") { return style.green(line) }
            if line.hasPrefix("-") { return style.red(line) }
            return style.dim(line)
        }
    }
}
