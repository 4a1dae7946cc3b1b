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
        let outputs: Set<String>
    }

    /// Judges in the order of the bytes of their names, the safety scan last.
    private var raised: [Raiser] {
        var judges: [String: Set<String>] = [:]
        for judgment in original.json["judgments"]?.array ?? [] {
            guard judgment["valid"]?.bool != false, judgment["mode"]?.string == Judge.Mode.pointwise.rawValue,
                SafetyFlags(json: judgment["flags"]).any, let judge = judgment["judge"]?.string,
                let output = judgment["output_id"]?.string
            else { continue }
            judges[judge, default: []].insert(output)
        }
        let scanned = (original.json["outputs"]?.array ?? []).compactMap { output in
            SafetyFlags(json: output["safety"]).any ? output["id"]?.string : nil
        }
        return judges.sorted { bytewise($0.key, $1.key) }.map { Raiser(name: $0.key, outputs: $0.value) }
            + (scanned.isEmpty ? [] : [Raiser(name: FlaggedOutput.RaisedFlags.scan, outputs: Set(scanned))])
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
