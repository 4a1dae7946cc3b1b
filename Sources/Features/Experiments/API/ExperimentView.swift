import EdisonCore
import EdisonPrompts
import EdisonWeb

/// An experiment with what has come of it, as one answer shows it.
struct ExperimentView: Sendable {
    let hosted: HostedExperiment
    let spent: Money?
    let tokens: (input: Int, output: Int)
    let calls: Int
    let iterations: [IterationView]
    let versions: [PromptVersion]

    /// As the result has them when there is one, with what was decided; else as they stand.
    private var shownVersions: [JSONValue] {
        let all = hosted.result?.json["versions"]?.array ?? versions.map(PromptVersion.shape.json)
        return Array(all.suffix(20))
    }

    static let shape = Shape<ExperimentView>(
        "Experiment",
        [
            .id("id", \.hosted.id), .id("project_id", \.hosted.project), .text("name", \.hosted.experiment.name),
            .optionalText("description") { $0.hosted.document?["description"]?.string },
            .text("goal", \.hosted.goal), .word("kind", \.hosted.experiment.kind),
            .word("status", \.hosted.experiment.status), .optionalWord("stop_reason", \.hosted.experiment.stopReason),
            .optionalText("error", \.hosted.error),
            .optionalPart("stopped_by", StoppingBudget.shape) { $0.hosted.result?.stoppingBudget },
            .optionalWord("verdict") { $0.hosted.result?.verdict },
            .optionalText("best_version_id") { $0.hosted.result?.json["best_version_id"]?.string },
            .money("spent_usd", \.spent),
            Property(
                "tokens",
                [
                    "type": "object", "required": ["input", "output"],
                    "properties": ["input": ["type": "integer"], "output": ["type": "integer"]],
                ]
            ) { ["input": JSONValue($0.tokens.input), "output": JSONValue($0.tokens.output)] },
            .integer("calls", \.calls), .any("definition", \.hosted.definition),
            .parts("iterations", IterationView.shape, \.iterations),
            Property("versions", ["type": "array", "items": ["type": "object"]]) { .array($0.shownVersions) },
            .optionalText("reference", \.hosted.reference), .bool("made_by_command_line") { $0.hosted.document == nil },
            .time("created_at", \.hosted.experiment.createdAt), .optionalTime("finished_at", \.hosted.finishedAt),
            .time("updated_at", \.hosted.updatedAt),
        ])
}

/// An experiment in a list.
enum ExperimentRow {
    static let shape = Shape<ListedExperiment>(
        "ExperimentRow",
        [
            .id("id", \.id), .id("project_id", \.project), .text("name", \.experiment.name), .text("goal", \.goal),
            .word("kind", \.experiment.kind), .word("status", \.experiment.status),
            .optionalWord("stop_reason", \.experiment.stopReason), .optionalWord("verdict") { $0.result?.verdict },
            .optionalText("best_version_id") { $0.result?.bestVersion },
            .any("score") { JSONValue($0.result?.score) }, .any("holdout") { $0.result?.holdout ?? .null },
            .any("cost_usd") { $0.result?.cost ?? .null }, .optionalText("reference", \.reference),
            .time("created_at", \.experiment.createdAt), .optionalTime("finished_at", \.finishedAt),
        ])
}

/// One iteration, with its figures.
struct IterationView: Sendable {
    let id: String
    let experiment: Experiment.ID
    let number: Int
    let status: IterationStatus
    let version: String
    let metrics: JSONValue
    let summary: JSONValue
    let cost: Money?
    let startedAt: Timestamp
    let finishedAt: Timestamp?

    static let shape = Shape<IterationView>(
        "Iteration",
        [
            .text("id", \.id), .id("experiment_id", \.experiment), .integer("number", \.number),
            .word("status", \.status), .text("version_id", \.version), .any("metrics", \.metrics),
            .any("summary", \.summary), .money("cost_usd", \.cost), .time("started_at", \.startedAt),
            .optionalTime("finished_at", \.finishedAt),
        ])
}

extension CostEstimate {
    static let shape = Shape<CostEstimate>(
        "CostEstimate",
        [
            .integer("calls", \.calls), .integer("input_tokens", \.inputTokens),
            .integer("output_tokens", \.outputTokens),
            Property(
                "cost_usd",
                [
                    "type": "object", "required": ["low", "expected", "high"],
                    "properties": [
                        "low": ["type": ["number", "null"]], "expected": ["type": ["number", "null"]],
                        "high": ["type": ["number", "null"]],
                    ],
                ]
            ) { estimate in
                let range = estimate.range
                return [
                    "low": range?.low.json ?? .null, "expected": estimate.expected?.json ?? .null,
                    "high": range?.high.json ?? .null,
                ]
            },
            .texts("unknown_prices", \.unknownPrices),
        ])
}
