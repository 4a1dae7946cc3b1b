package import EdisonCore
import EdisonEvaluation

extension Estimate {
    package var json: JSONValue {
        [
            "score": .number(mean), "interval": interval.json, "cases": .integer(Int64(cases)),
            "method": .string(method),
        ]
    }
}

extension ClosedRange<Double>? {
    /// `[low, high]`, or null where the data do not allow an interval.
    package var json: JSONValue { map { [.number($0.lowerBound), .number($0.upperBound)] } ?? .null }
}

extension IterationMetrics.Values {
    package var json: JSONValue {
        func table(_ rows: [(name: String, estimate: Estimate)]) -> JSONValue {
            .object(JSONObject(rows.map { ($0.name, $0.estimate.json) }))
        }
        return [
            "composite": composite?.json ?? .null,
            "per_criterion": table(perCriterion),
            "per_model": table(perModel),
            "facets": table(facets.map { (name: $0.facet, estimate: $0.estimate) }),
            "coverage": .number(coverage),
            "failed_share": .number(failedShare),
            "judgments": .integer(Int64(judgments)),
            "invalid_judgments": .integer(Int64(invalidJudgments)),
            "expected_match": expectedMatch?.json ?? .null,
            "judge_weights": ensemble.weightsJSON,
            "judge_offsets": ensemble.offsetsJSON,
            "case_weights": weights.isEqual ? .null : weights.json,
        ]
    }
}

extension Ensemble {
    package var weightsJSON: JSONValue { Self.json(weights) }
    package var offsetsJSON: JSONValue { Self.json(offsets) }

    private static func json(_ table: [String: Double]) -> JSONValue {
        .object(JSONObject(table.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }))
    }
}
