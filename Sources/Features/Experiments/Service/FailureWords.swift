import EdisonCore
import EdisonEvaluation

/// Why calls of a run failed, in the provider's words.
struct FailureWords: Sendable {
    private let context: RunContext

    init(_ context: RunContext) { self.context = context }

    var mostFrequent: String {
        get async {
            let everything = await context.evaluator.memo.everything
            let errors = everything.outputs.compactMap(\.error) + everything.judgments.compactMap(\.invalidReason)
            var counts: [String: Int] = [:]
            for error in errors { counts[error, default: 0] += 1 }
            let first = counts.max { $0.value != $1.value ? $0.value < $1.value : bytewise($1.key, $0.key) }
            return first.map { "\($0.value) calls failed: \($0.key)" } ?? "too many calls failed"
        }
    }
}
