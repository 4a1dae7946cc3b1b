import EdisonCore
import EdisonEvaluation
import EdisonLLM

/// Why calls of a run failed, in the provider's words.
struct FailureWords: Sendable {
    private let context: RunContext

    init(_ context: RunContext) { self.context = context }

    /// The model with the provider's name and address, since one of the three is usually what is wrong.
    private func place(_ name: String) -> String {
        guard let endpoint = context.run.models.first(where: { $0.name == name })?.reference.endpoint else {
            return name
        }
        return "\(name) at \(endpoint.credentialID)" + (endpoint.baseURL.isEmpty ? "" : " (\(endpoint.baseURL))")
    }

    var mostFrequent: String {
        get async {
            let everything = await context.evaluator.memo.everything
            let scans = await context.evaluator.memo.allScans
            let errors =
                everything.outputs.compactMap { output in output.error.map { "\(place(output.key.model)): \($0)" } }
                + everything.judgments.compactMap { judgment in
                    judgment.invalidReason.map { "judge \(judgment.judge): \($0)" }
                }
                + scans.values.compactMap { scan in
                    scan.invalidReason.map { "the safety scan: \($0)" }
                }
            var counts: [String: Int] = [:]
            for error in errors { counts[error, default: 0] += 1 }
            let first = counts.max { $0.value != $1.value ? $0.value < $1.value : bytewise($1.key, $0.key) }
            return first.map { "\($0.value) calls failed: \($0.key)" } ?? "too many calls failed"
        }
    }
}
