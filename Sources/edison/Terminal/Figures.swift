import EdisonCore
import EdisonExperiments
import Foundation

/// How figures are written for people: the same everywhere.
enum Figures {
    static func score(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "–" }
    static func signed(_ value: Double?) -> String { value.map { String(format: "%+.3f", $0) } ?? "–" }

    /// Two decimals, for coefficients.
    static func short(_ value: Double) -> String { String(format: "%.2f", value) }

    /// Without a fraction where there is none.
    static func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

    static func interval(_ range: ClosedRange<Double>?) -> String {
        range.map { String(format: "[%.3f, %.3f]", $0.lowerBound, $0.upperBound) } ?? "[–]"
    }

    static func estimate(_ estimate: Estimate) -> String {
        let isShown = estimate.cases >= SmallSample.fewestForInterval
        return score(estimate.mean) + (isShown ? " \(interval(estimate.interval))" : "")
    }

    static func interval(_ json: JSONValue?) -> ClosedRange<Double>? {
        guard let low = json?[0]?.double, let high = json?[1]?.double, low <= high else { return nil }
        return low...high
    }

    static func clipped(_ text: String, _ length: Int) -> String {
        let line = text.replacingOccurrences(of: "\n", with: " ")
        return line.count > length ? "\(line.prefix(length - 1))…" : line
    }

    /// - Parameter isKeptForTest: a limit was not reached: the rest of it is for the test.
    static func words(_ reason: StopReason, isKeptForTest: Bool) -> String {
        guard isKeptForTest, let noun = reason.limitNoun else { return words(reason) }
        return "what is left of \(noun) might not pay for another iteration and the test"
    }

    static func words(_ reason: StopReason) -> String {
        switch reason {
        case .maxIterations: "the most iterations that the file allows were made"
        case .target: "the target score was reached"
        case .converged: "converged, the last acceptances gained too little together"
        case .stalled: "stalled, no proposal was accepted for a while"
        case .budget: "the budget is used up"
        case .tokens: "the token limit is reached"
        case .calls: "the limit of calls is reached"
        case .time: "the time is up"
        case .cancelled: "a person ended it"
        case .ceiling: "nothing is left to mend on these cases"
        case .errors: "too many calls failed"
        }
    }

    static func words(_ verdict: Verdict) -> String {
        switch verdict {
        case .better: "better than the first version"
        case .worse: "worse than the first version"
        case .equivalent: "as good as the first version, within the margin that matters"
        case .noDifference: "no difference from the first version could be shown"
        case .insufficientData: "not enough data for a verdict"
        }
    }

    /// The verdict of a comparison with a named variant.
    static func words(_ verdict: Verdict, against other: String) -> String {
        switch verdict {
        case .better: "better than \(other)"
        case .worse: "worse than \(other)"
        case .equivalent: "as good as \(other)"
        case .noDifference: "no difference shown"
        case .insufficientData: "not enough data"
        }
    }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    static func bytes(_ number: Int) -> String {
        number < 1_000_000
            ? String(format: "%.1f kB", Double(number) / 1_000) : String(format: "%.1f MB", Double(number) / 1_000_000)
    }

    static func duration(_ milliseconds: Int) -> String {
        let seconds = Double(milliseconds) / 1000
        return seconds < 90 ? String(format: "%.1f s", seconds) : "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
    }
}
