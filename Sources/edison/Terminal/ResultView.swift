import EdisonCore
import EdisonExperiments
import Foundation

/// The end of a run, on standard output: what became of the prompt, how sure that is, and what it cost.
struct ResultView {
    let result: RunResult
    let wasFinished: Bool
    /// Another process led the run, and this one took part.
    let hasTakenPart: Bool
    /// The command that shows the run's flagged outputs to a person.
    let review: String?
    let isDemo: Bool
    let failUnder: Double?
    /// The budget was that of --max-budget, not of the file.
    let hasOwnBudget: Bool
    /// The command that looks for cases which the best version fails.
    let harderCases: String?
    let style = Style.output

    init(
        _ result: RunResult, wasFinished: Bool, isDemo: Bool = false, failUnder: Double? = nil,
        harderCases: String? = nil, review: String? = nil, hasTakenPart: Bool = false, hasOwnBudget: Bool = false
    ) {
        self.hasOwnBudget = hasOwnBudget
        self.result = result
        self.hasTakenPart = hasTakenPart
        self.review = review
        self.wasFinished = wasFinished
        self.isDemo = isDemo
        self.failUnder = failUnder
        self.harderCases = harderCases
    }

    func print() {
        if wasFinished {
            let words =
                hasTakenPart
                ? "The run has ended; this process did its part of it."
                : "This run is finished; nothing was asked again. (--new begins another.)"
            StandardOutput.line(style.cyan(words))
        }
        for line in lines { StandardOutput.line(line) }
    }

    private var lines: [String] {
        [""] + (variants.isEmpty ? versions : variants) + verdict + PeopleText(result, style: style).lines + safety
            + failures + cost + bar + advice
    }

    /// A comparison of variants: each with its score, and against the first.
    private var variants: [String] {
        let rows = result.json["variants"]?.array ?? []
        guard !rows.isEmpty else { return [] }
        let width = max(8, (rows.compactMap { $0["name"]?.string?.count }.max() ?? 0) + 2)
        let header = style.bold(pad("variant", width) + "score  interval          gain    interval           verdict")
        return [header]
            + rows.map { row in
                let comparison = row["comparison"]
                let name = row["name"]?.string ?? ""
                let score = Figures.score(row["score"]?.double)
                let own = pad(Figures.interval(Figures.interval(row["interval"])), 18)
                guard let comparison, comparison.object != nil else {
                    return pad(name, width) + pad(score, 7) + own + "the others are compared with this one"
                }
                let verdict = comparison["verdict"]?.string.flatMap(Verdict.init(rawValue:))
                return pad(name, width) + pad(score, 7) + own + pad(Figures.signed(comparison["difference"]?.double), 8)
                    + pad(Figures.interval(Figures.interval(comparison["interval"])), 19)
                    + (verdict.map { Figures.words($0, against: comparison["against"]?.string ?? "the first") } ?? "")
            }
            + (rows.count > 2 ? [style.dim(SmallSample.eachForItself)] : []) + [""]
    }

    /// What the safety scan and the judges flagged, where they did.
    private var safety: [String] {
        let words = SafetyWords(result.json)
        let scanned = [words?.flagged, words?.invalid].compactMap(\.self).map { style.yellow("Safety: \($0)") }
        guard let flagged = FlaggedWords(result.json) else { return scanned }
        let advice = flagged.open > 0 ? review.map { " Look at them: \($0)" } ?? "" : ""
        return scanned + [style.yellow("Flags: \(flagged.sentence)\(advice)")]
    }

    /// What went wrong, in the providers' words, most frequent first.
    private var failures: [String] {
        let outputs = result.json["outputs"]?.array ?? []
        var counts: [String: Int] = [:]
        for error in outputs.compactMap({ $0["error"]?.string }) { counts[error, default: 0] += 1 }
        let invalid = (result.json["judgments"]?.array ?? []).count { $0["valid"]?.bool == false }
        let ordered = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        // A run that failed has said why already, with the provider's name.
        if result.stopReason == .errors { return [] }
        return ordered.prefix(3).map { error, count in
            style.red("\(count) of \(outputs.count) outputs failed: \(Figures.clipped(error, 200))")
        }
            + (invalid > 0
                ? [
                    invalid == 1
                        ? "1 judgment could not be used and is left out."
                        : "\(invalid) judgments could not be used and are left out."
                ] : [])
    }

    private var versions: [String] {
        let rows = (result.json["versions"]?.array ?? []).filter {
            $0["status"] != "rejected" && $0["status"] != "candidate"
        }
        guard rows.count > 1 else { return [] }
        let header = style.bold("version  gain    interval          cases  what changed")
        return [header]
            + rows.map { row in
                let decision = row["decision"]
                let number = (row["number"]?.int ?? 0).description
                let delta = row["status"] == "seed" ? "" : Figures.signed(decision?["delta"]?.double)
                let interval = row["status"] == "seed" ? "" : Figures.interval(Figures.interval(decision?["interval"]))
                let cases = row["status"] == "seed" ? "" : decision?["cases"]?.int.map(String.init) ?? ""
                let note = row["status"] == "seed" ? "the first version" : row["note"]?.string ?? ""
                return pad(number, 9) + pad(delta, 8) + pad(interval, 18) + pad(cases, 7) + Figures.clipped(note, 56)
            } + [""]
    }

    private var verdict: [String] {
        var lines: [String] = []
        if let holdout = result.json["holdout"], holdout.object != nil {
            let difference = Figures.signed(holdout["difference"]?.double)
            let interval = Figures.interval(Figures.interval(holdout["interval"]))
            lines += [
                style.bold("Held-out cases (\(holdout["cases"]?.int ?? 0), never seen by the loop)"),
                "  first version  \(Figures.score(holdout["first"]?.double))",
                pad("  version \(result.version(holdout["version_id"]?.string)?["number"]?.int ?? 0)", 17)
                    + Figures.score(holdout["best"]?.double),
                "  difference     \(difference)  95 % interval \(interval)",
            ]
            lines += doubts(holdout)
        } else if variants.isEmpty, let composite = result.json["composite"], composite.object != nil {
            let interval = Figures.interval(Figures.interval(composite["interval"]))
            lines.append(
                "Score\(measured) \(Figures.score(composite["score"]?.double)) \(interval) on "
                    + Figures.count(composite["cases"]?.int ?? 0, "case")
            )
            lines += parts
        }
        if let verdict = result.verdict {
            let words = Figures.words(verdict)
            let reason = result.json["verdict_reason"]?.string.map { " (\($0))" } ?? ""
            let text = "Verdict: \(words)\(reason)."
            lines.append(verdict == .better ? style.green(style.bold(text)) : style.bold(text))
        }
        if let reason = result.stopReason {
            let detail = result.verdict == nil ? result.json["verdict_reason"]?.string.map { ": \($0)" } ?? "" : ""
            lines.append("Stopped because \(stopWords(reason))\(detail).")
        }
        return lines
    }

    private var cost: [String] {
        let calls = (result.json["calls"]?.object?.members ?? []).filter { ($0.value.int ?? 0) > 0 }
        let total = calls.reduce(0) { $0 + ($1.value.int ?? 0) }
        let parts = calls.map { "\($0.key) \($0.value.int ?? 0)" }.joined(separator: ", ")
        let money =
            result.json["cost_usd"]?.double.flatMap { Money(dollars: $0) }.map(\.shortText)
            ?? "unknown (no price for \((result.json["unknown_prices"]?.array ?? []).compactMap(\.string).joined(separator: ", ")))"
        let unconfirmed = result.json["unconfirmed_usd"]?.double ?? 0
        let open =
            unconfirmed > 0 ? String(format: ", up to $%.6f more for calls whose outcome is unknown", unconfirmed) : ""
        let pretended = isDemo ? " at pretended prices; nothing was paid" : ""
        return [
            "Cost: \(money)\(pretended)\(open)"
        ] + overspent + [
            "\(total) calls\(parts.isEmpty ? "" : " (\(parts))")\(cached) · \(Figures.duration(result.json["duration_ms"]?.int ?? 0))"
        ]
    }

    /// What the score is made of, where there is more than one part, and what speaks against it.
    private var parts: [String] {
        guard let metrics = result.json["iterations"]?.array?.last?["metrics"] else { return [] }
        let tables = ["per_criterion", "per_model"].compactMap { metrics[$0]?.object }.filter { $0.count > 1 }
        let rows =
            tables.flatMap(\.members)
            + (metrics["expected_match"]?.object == nil
                ? []
                : [
                    ("as expected", metrics["expected_match"] ?? .null)
                ])
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        return rows.map { name, estimate in
            let isTooFew = SmallSample.isTooFew(estimate)
            let interval = isTooFew ? "" : " \(Figures.interval(Figures.interval(estimate["interval"])))"
            return "  \(pad(name, width))\(Figures.score(estimate["score"]?.double))\(interval)"
        } + (result.json["agreement"]?["warnings"]?.array ?? []).compactMap(\.string).map { style.yellow($0) }
    }

    private var advice: [String] {
        var lines: [String] = []
        if let reason = result.stopReason, reason.isLimit {
            let isOwn = reason == .budget && hasOwnBudget
            lines.append(
                isDemo
                    ? "The limit was that of --max-budget; without it the demo goes on to its end."
                    : isOwn
                        ? "The limit was that of --max-budget. To go on, start it again with a higher one, or without."
                        : raising(reason))
        }
        if result.stopReason == .errors {
            lines.append(
                "When the cause is mended, start it again: what was answered is kept, what failed is asked again.")
        }
        if result.verdict == .noDifference || result.verdict == .equivalent || result.verdict == .worse {
            lines.append("The first version stays.")
        }
        if let best = result.best, best["id"] != result.first?["id"], let text = best["text"]?.string {
            let number = best["number"]?.int ?? 0
            let isProven = result.verdict == .better || result.verdict == nil
            let variant = (result.json["variants"]?.array ?? []).first { $0["version_id"] == best["id"] }
            let name = variant.flatMap { row in
                row["name"]?.string.map { "\($0), by \(row["model"]?.string ?? "its model")" }
            }
            let title =
                isProven
                ? "The best prompt (\(name ?? "version \(number)")):"
                : "Where the search arrived (version \(number)), not proven on held-out cases:"
            let system = best["system_text"]?.string.map { ["  [system]"] + indented($0) + ["  [user]"] } ?? []
            lines += ["", style.bold(title)] + system + indented(text)
        }
        if result.stopReason == .ceiling, let harderCases {
            lines += ["", "Let a model look for cases that this prompt fails: \(harderCases)"]
        }
        if isDemo { lines += ["", "Next, with a model of your own: edison init \"YOUR GOAL IN A SENTENCE\""] }
        return lines
    }

    private func indented(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text.count >= width ? text + " " : text + String(repeating: " ", count: width - text.count)
    }
}
