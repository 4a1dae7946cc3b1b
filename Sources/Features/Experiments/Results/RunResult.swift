package import EdisonCore
import EdisonEvaluation
import EdisonPrompts

/// All that a run found, in the form of the result file: enough to recompute every figure.
package struct RunResult: Sendable {
    package var json: JSONObject

    package init(json: JSONObject) { self.json = json }

    package var text: String { JSONValue.object(json).text(.pretty) + "\n" }

    package var verdict: Verdict? { json["verdict"]?.string.flatMap(Verdict.init(rawValue:)) }
    package var stopReason: StopReason? { json["stop_reason"]?.string.flatMap(StopReason.init(rawValue:)) }
    /// The budget of its project, organization, person or provider that ended it; nil: a limit of its own, or none.
    /// The search ended before its limit, so that the rest would pay for the test.
    package var isKeptForTest: Bool { json["kept_for_test"] == true }
    var stoppingBudget: StoppingBudget? { json["stopped_by"].flatMap(StoppingBudget.init(json:)) }
    /// What all sittings of the run took together.
    package var duration: Duration { .milliseconds(json["duration_ms"]?.int ?? 0) }
    package var status: String { json["status"]?.string ?? "" }

    /// What `--fail-under` compares: the best version on the held-out cases, else the composite.
    /// nil where nothing could be evaluated, or too little of it.
    package var bar: Double? {
        if status == ExperimentStatus.failed.rawValue { return nil }
        return json["holdout"]?["best"]?.double ?? json["composite"]?["score"]?.double
    }

    /// Whose score that is: the version that was tested at the end, the first variant, or what was measured last.
    package var barVersion: String? {
        if let tested = json["holdout"]?["version_id"]?.string { return tested }
        if json["variants"]?.array?.isEmpty == false { return json["first_version_id"]?.string }
        return json["iterations"]?.array?.last { $0["metrics"]?["composite"]?.object != nil }?["version_id"]?.string
    }

    package func version(_ id: String?) -> JSONValue? {
        json["versions"]?.array?.first { $0["id"]?.string == id }
    }

    package var best: JSONValue? { version(json["best_version_id"]?.string) }
    package var first: JSONValue? { version(json["first_version_id"]?.string) }
}
