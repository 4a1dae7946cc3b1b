import EdisonCore
import EdisonLLM

/// The words for what happens between a run and its providers, and the count of the requests that failed on the way.
struct TrafficText {
    let style: Style
    private(set) var failed: [ProviderFailure.Kind: Int] = [:]

    init(style: Style) { self.style = style }

    /// nil: it is counted, and told at the end.
    mutating func line(of event: TrafficEvent) -> String? {
        switch event {
        case .failed(_, let kind):
            failed[kind, default: 0] += 1
            return nil
        case .limited(let provider, let seconds):
            return style.yellow("  \(provider) limits the rate: its calls wait \(Self.time(seconds))")
        case .down(let model, let words, let pause):
            return style.yellow(
                "  \(model) keeps failing: its calls wait, and every \(Self.time(pause)) one tries again"
                    + (words.isEmpty ? "" : " (\(Figures.clipped(words, 160)))"))
        case .back(let model, let seconds):
            return style.green("  \(model) answers again, after \(Self.time(seconds))")
        case .givenUp(let model, let words):
            return style.red(
                "  \(model) has answered nothing for so long that it is not asked any more. The last failure: "
                    + Figures.clipped(words, 200))
        case .replaced(let model, let other, let words):
            return style.yellow("  \(other) is asked in place of \(model): \(Figures.clipped(words, 160))")
        case .slow(let model, let calls, let seconds):
            let subject = calls == 1 ? "a call is" : "\(calls) calls are"
            return style.yellow("  \(model) is slow: \(subject) under way, the oldest for \(Self.time(seconds))")
        }
    }

    /// What became of the requests that failed; nil when none did.
    var summary: String? {
        let total = failed.values.reduce(0, +)
        guard total > 0 else { return nil }
        let parts = failed.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.value) \($0.key.words)" }.joined(separator: ", ")
        return total == 1 ? "1 request failed on the way: \(parts)." : "\(total) requests failed on the way: \(parts)."
    }

    private static func time(_ seconds: Double) -> String {
        seconds < 90 ? "\(max(1, Int(seconds.rounded()))) s" : "\(Int((seconds / 60).rounded())) min"
    }
}

extension ProviderFailure.Kind {
    fileprivate var words: String {
        switch self {
        case .badRequest: "refused as they were"
        case .refusedKey: "with a refused key"
        case .notAllowed: "not allowed"
        case .unknownModel: "for an unknown model"
        case .tooLarge: "too long for the model"
        case .rateLimited: "limited by rate"
        case .quotaExceeded: "without credit left"
        case .contentFiltered: "stopped by the provider's filter"
        case .serverError: "by a fault of the provider"
        case .overloaded: "with the provider overloaded"
        case .timeout: "without an answer in time"
        case .connection: "by a failed connection"
        case .cutStream: "cut in the middle of the answer"
        case .malformed: "with an answer in no known format"
        case .cancelled: "cancelled"
        }
    }
}
