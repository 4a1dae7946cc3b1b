import EdisonCore

/// The report's words for the values of the result file that stand for something.
enum ReportWords {
    static func status(_ source: ReportSource) -> (words: String, tone: String) {
        let stop = source["stop_reason"]?.string.flatMap(StopReason.init(rawValue:)).map(short)
        let suffix = stop.map { ", \($0)" } ?? ""
        switch source["status"]?.string {
        case "completed": return ("Completed\(suffix)", "")
        case "paused": return ("Not finished\(suffix)", "warn")
        case "failed": return ("Failed\(suffix)", "neg")
        case "cancelled": return ("Cancelled", "warn")
        case let other?: return ("\(other.prefix(1).uppercased())\(other.dropFirst())\(suffix)", "")
        case nil: return ("Status unknown", "warn")
        }
    }

    private static func short(_ reason: StopReason) -> String {
        switch reason {
        case .maxIterations: "all iterations made"
        case .target: "target reached"
        case .converged: "converged"
        case .stalled: "stalled"
        case .budget: "stopped by the budget"
        case .tokens: "stopped by the token limit"
        case .calls: "stopped by the limit of calls"
        case .time: "stopped by the time limit"
        case .cancelled: "interrupted"
        case .ceiling: "nothing left to mend"
        case .errors: "stopped by errors"
        }
    }

    /// Completes "It stopped because …".
    static func stop(_ source: ReportSource) -> String? {
        guard let text = source["stop_reason"]?.string else { return nil }
        let limits = source.experiment?["stop"]
        func limit(_ key: String, _ words: (String) -> String) -> String {
            limits?[key]?.double.map { " (\(words(ReportFigures.plain($0))))" } ?? ""
        }
        if source["kept_for_test"] == true, let noun = StopReason(rawValue: text)?.limitNoun {
            return "what was left of \(noun) might not have paid for another iteration and the test"
        }
        switch StopReason(rawValue: text) {
        case .maxIterations:
            return limits?["max_iterations"]?.int.map {
                "it had made the \(ReportFigures.count($0, "iteration")) that the file allows"
            } ?? "it had made all iterations that the file allows"
        case .target: return "the target score was reached\(limit("target") { $0 })"
        case .converged: return "the last accepted versions together gained too little"
        case .stalled: return "no proposal had been accepted for a while"
        case .budget:
            return "the budget did not cover the next step"
                + (ReportFigures.money(limits?["max_budget_usd"]).map { " (\($0))" } ?? "")
        case .tokens: return "the limit of tokens was reached\(limit("max_tokens") { $0 })"
        case .calls: return "the limit of calls was reached\(limit("max_calls") { $0 })"
        case .time: return "the time was up\(limit("max_seconds") { "\($0) s" })"
        case .cancelled: return "somebody interrupted it"
        case .ceiling: return "these cases leave nothing to mend"
        case .errors: return "too many calls failed"
        case nil: return text.replacing("_", with: " ")
        }
    }

    static func verdict(_ text: String?) -> String? {
        switch text.flatMap(Verdict.init(rawValue:)) {
        case .better: "better"
        case .worse: "worse"
        case .equivalent: "as good"
        case .noDifference: "no difference shown"
        case .insufficientData: "not enough data"
        case nil: text
        }
    }

    static func purpose(_ key: String) -> String {
        switch key {
        case "execute": "Answers"
        case "judge": "Judgments"
        case "refine": "Proposals"
        case "summary": "Summaries"
        case "scan": "Safety scans"
        default: "\(key.prefix(1).uppercased())\(key.dropFirst().replacing("_", with: " "))"
        }
    }

    static func sentence(_ text: String) -> String {
        guard let first = text.first, let last = text.last else { return "" }
        return "\(first.uppercased())\(text.dropFirst())\(".!?…".contains(last) ? "" : ".")"
    }
}
