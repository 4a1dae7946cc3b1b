import EdisonCore
import EdisonDatasets
import EdisonExperiments
import EdisonLLM

/// The end of a search for harder cases, on standard output: what was kept, whether it is harder, what it cost, and how
/// to use it.
struct GenerationView {
    private let result: GenerationResult
    private let output: String
    private let file: String
    private let datasetLine: String
    private let style = Style.output
    private var generation: Generation { result.generation }

    init(_ result: GenerationResult, output: String, file: String, datasetLine: String) {
        self.result = result
        self.output = output
        self.file = file
        self.datasetLine = datasetLine
    }

    func print() { for line in [""] + counts + scores + end + cost + use { StandardOutput.line(line) } }

    private var counts: [String] {
        let kept = generation.kept
        let fails = kept.count { $0.reason == .fails }
        var lines = [
            style.bold(
                "Asked for \(cases(generation.asked)): \(kept.count) kept, \(generation.rejectedCount) rejected.")
        ]
        if !kept.isEmpty {
            lines.append("  kept: \(fails) that the prompt fails, \(kept.count - fails) of a kind that was missing")
        }
        let reasons = CaseVerdict.Rejection.allCases.compactMap { rejection in
            generation.rejected[rejection].map { "\($0) \(words(rejection, $0))" }
        }
        if !reasons.isEmpty { lines.append("  rejected: \(reasons.joined(separator: ", "))") }
        return lines
    }

    /// Whether the cases really are harder, by answers that had no part in choosing them.
    private var scores: [String] {
        guard let known = generation.known, let second = result.second else { return [] }
        return [
            "  score on known cases   \(Figures.estimate(known))",
            "  score on new cases     \(Figures.estimate(second))  by second answers, which did not choose them",
            "  \(generation.lowered) of \(generation.secondScores.count) lower the score: the second answer, too, is below the mean on known cases",
        ]
    }

    private var end: [String] {
        switch generation.end {
        case .reached: []
        case .exhausted:
            ["Stopped because 10 cases in a row were rejected: this model finds little more."]
        case .limit(let reason): ["Stopped because \(Figures.words(reason))."]
        case .cancelled:
            ["Interrupted. What was found is kept; started again it goes on, and asks for no stored answer again."]
        case .failed: ["Stopped because of an error. What was found is kept."]
        }
    }

    private var cost: [String] {
        let money =
            result.totals.cost?.shortText
            ?? "unknown (no price for \(result.totals.unknownPrices.joined(separator: ", ")))"
        let open =
            result.totals.unconfirmed > .zero
            ? ", up to \(result.totals.unconfirmed.shortText) more for calls whose outcome is unknown" : ""
        let parts = result.totals.calls.filter { $0.count > 0 }.map { "\($0.purpose) \($0.count)" }
        return ["Cost: \(money)\(open) · \(result.totals.count) calls (\(parts.joined(separator: ", ")))"]
            + OverrunText(style).lines(of: result.json)
    }

    private var use: [String] {
        let written = result.cases
        guard !written.isEmpty else {
            return [
                generation.kept.isEmpty
                    ? "No case was kept, so nothing was written." : "All cases were dropped, so nothing was written."
            ]
        }
        let open = written.count { !$0.testCase.isConfirmed }
        var lines = ["", "Wrote \(output) (\(cases(written.count)), \(written.count - open) confirmed)."]
        if open > 0 {
            lines.append(
                "Nobody has read \(open == written.count ? "them" : "\(open) of them"): such cases are searched with, and never held out. "
                    + "Where a case is right, set \"confirmed\": true.")
        }
        return lines + ["To use them, add this line to \(file) under datasets:", datasetLine]
    }

    private func cases(_ count: Int) -> String { count == 1 ? "1 case" : "\(count) cases" }

    private func words(_ rejection: CaseVerdict.Rejection, _ count: Int) -> String {
        switch rejection {
        case .notWritten: "never written"
        case .missingVariables: "without all variables"
        case .nearDuplicate: count == 1 ? "near duplicate" : "near duplicates"
        case .noOutput: "without an answer"
        case .notJudged: "without a judgment"
        case .tooEasy: "too easy"
        }
    }
}
