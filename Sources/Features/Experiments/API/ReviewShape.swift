import EdisonCore
import EdisonEvaluation
import EdisonWeb

extension OutputView {
    static let shape = Shape<OutputView>(
        "Output",
        [
            .id("id") { $0.output.id }, .text("version_id") { $0.output.key.version },
            .text("case_id") { $0.output.key.caseID }, .text("model") { $0.output.key.model },
            .integer("replicate") { $0.output.key.replicate }, .optionalText("text") { $0.output.text },
            .optionalText("error") { $0.output.error }, .bool("cached") { $0.output.cached },
            .integer("input_tokens") { $0.output.inputTokens }, .integer("output_tokens") { $0.output.outputTokens },
            .money("cost_usd") { $0.output.cost },
            .integer("latency_ms") { Int($0.output.latency / .milliseconds(1)) },
            .parts("judgments", Judgment.shape, \.judgments),
        ])
}

extension Judgment {
    fileprivate static let shape = Shape<Judgment>(
        "Judgment",
        [
            .text("judge", \.judge), .bool("valid", \.valid), .any("scores", \.scoresJSON),
            .any("rationales", \.rationalesJSON), .any("flags") { $0.flags.json },
            .optionalText("invalid_reason", \.invalidReason), .money("cost_usd", \.cost),
        ])
}

/// Something that waits for a person, as `edison review --json` writes it too.
enum ReviewShape {
    enum Kind: String, CaseIterable, Sendable {
        case suggestion, flagged

        init(_ item: ReviewItem) { self = item.suggestion == nil ? .flagged : .suggestion }
    }

    static let shape = Shape<ReviewItem>(
        "ReviewItem",
        [
            .text("id") { $0.suggestion?.version.text ?? $0.flagged?.output.text ?? "" },
            .text("experiment_id") { $0.run.text },
            .word("kind") { Kind($0) },
            .bool("decided", \.isDecided), .time("since", \.since), .any("detail", \.json),
        ])
}
