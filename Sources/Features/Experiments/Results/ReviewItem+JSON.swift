package import EdisonCore
import EdisonEvaluation

extension ReviewItem {
    /// As `edison review --json` writes it.
    package var json: JSONValue {
        var object: JSONObject = [
            "run_id": .string(run.text), "run": .string(runName), "since": .string(since.rfc3339),
            "decided": .bool(isDecided),
        ]
        switch subject {
        case .suggestion(let suggestion, let decision):
            object["kind"] = "suggestion"
            object["version_id"] = .string(suggestion.version.text)
            object["parent_id"] = .string(suggestion.parent.text)
            object["iteration"] = .integer(Int64(suggestion.iteration))
            for (key, value) in suggestion.evidence.object ?? [:] { object[key] = value }
            object["diff"] = .string(PromptDiff.unified(from: suggestion.before, to: suggestion.after))
            object["decision"] = JSONValue(decision?.word)
        case .flagged(let output):
            object["kind"] = "flagged"
            object["output_id"] = .string(output.output.text)
            object["version"] = .integer(Int64(output.versionNumber))
            object["model"] = .string(output.model)
            object["input"] = output.input
            object["expected"] = output.expected ?? .null
            object["text"] = .string(output.text)
            object["flags"] = .array(
                output.flags.map { raised in
                    [
                        "by": .string(raised.raiser), "raised": .array(raised.flags.raised.map { .string($0) }),
                        "evidence": .string(raised.evidence),
                    ]
                })
            object["review"] = output.review?.json ?? .null
        }
        return .object(object)
    }
}
