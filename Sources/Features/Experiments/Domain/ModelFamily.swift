import EdisonEvaluation
import EdisonLLM

/// Models that are likely relatives: judges prefer their own kind (Panickssery, Bowman and Feng, "LLM Evaluators
/// Recognize and Favor Their Own Generations", 2024).
package struct ModelFamily: Hashable, Sendable {
    private let name: String

    /// The name before its first digit, dash, dot or colon: `gpt` of `gpt-4o`, `llama` of `meta/llama3.1:8b`.
    package init(model: String) {
        let last = model.split(separator: "/").last.map(String.init) ?? model
        let stem = last.lowercased().prefix { $0.isLetter }
        name = stem.isEmpty ? last : String(stem)
    }
}

extension ExperimentDefinition {
    /// The pointwise judges that are of one family with a model that they judge.
    package var relatedJudges: [String] {
        let families = Set(models.map { ModelFamily(model: $0.reference.model) })
        return judges.filter {
            $0.judge.mode == .pointwise && families.contains(ModelFamily(model: $0.model.reference.model))
        }.map(\.judge.name)
    }
}
