import EdisonCore
import EdisonEvaluation

/// A result with what people said of its flagged outputs, and how often each judge's flags were right.
///
/// It is laid over the stored result whenever that is read: the decisions are stored once, in the queue.
struct ReviewedFlags: Sendable {
    private let original: RunResult
    private let reviews: [String: FlagReview]

    init(_ result: RunResult, reviews: [Output.ID: FlagReview]) {
        original = result
        self.reviews = Dictionary(uniqueKeysWithValues: reviews.map { ($0.key.text, $0.value) })
    }

    var result: RunResult {
        var json = original.json
        let raised = raised
        let flagged = Set(raised.flatMap(\.outputs))
        json["outputs"] = .array((json["outputs"]?.array ?? []).map { adding(to: $0, flagged) })
        var summary = counts(flagged)
        summary["by_flag"] = .object(
            JSONObject(
                (SafetyFlags().json.object?.keys ?? []).map { flag in
                    (flag, JSONValue(raised.reduce(into: Set<String>()) { $0.formUnion($1.flags[flag] ?? []) }.count))
                }))
        summary["by"] = .array(
            raised.map { raiser in
                var object: JSONObject = ["by": .string(raiser.name)]
                for (key, value) in counts(raiser.outputs) { object[key] = value }
                return .object(object)
            })
        json["flagged"] = .object(summary)
        return RunResult(json: json)
    }

    private struct Raiser {
        let name: String
        var flags: [String: Set<String>] = [:]

        var outputs: Set<String> { flags.values.reduce(into: []) { $0.formUnion($1) } }

        mutating func add(_ flags: SafetyFlags, of output: String) {
            for flag in flags.raised { self.flags[flag, default: []].insert(output) }
        }
    }

    /// Judges in the order of the bytes of their names, the safety scan last.
    private var raised: [Raiser] {
        var judges: [String: Raiser] = [:]
        for judgment in original.json["judgments"]?.array ?? [] {
            guard judgment["valid"]?.bool != false, judgment["mode"]?.string == Judge.Mode.pointwise.rawValue,
                let judge = judgment["judge"]?.string, let output = judgment["output_id"]?.string
            else { continue }
            judges[judge, default: Raiser(name: judge)].add(SafetyFlags(json: judgment["flags"]), of: output)
        }
        var scan = Raiser(name: FlaggedOutput.RaisedFlags.scan)
        for output in original.json["outputs"]?.array ?? [] {
            if let id = output["id"]?.string { scan.add(SafetyFlags(json: output["safety"]), of: id) }
        }
        return (judges.values.sorted { bytewise($0.name, $1.name) } + [scan]).filter { !$0.flags.isEmpty }
    }

    private func counts(_ outputs: Set<String>) -> JSONObject {
        let decisions = outputs.compactMap { reviews[$0]?.decision }
        return [
            "outputs": .integer(Int64(outputs.count)),
            "confirmed": .integer(Int64(decisions.count { $0 == .confirmed })),
            "dismissed": .integer(Int64(decisions.count { $0 == .dismissed })),
        ]
    }

    private func adding(to output: JSONValue, _ flagged: Set<String>) -> JSONValue {
        guard let id = output["id"]?.string, flagged.contains(id), let review = reviews[id],
            case .object(var object) = output
        else { return output }
        object["flag_review"] = review.json
        return .object(object)
    }
}
