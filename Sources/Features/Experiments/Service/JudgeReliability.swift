import EdisonCore
import EdisonDatasets
import EdisonEvaluation

/// How well the pointwise judges agree, and the weights that follow from it.
struct JudgeReliability: Sendable {
    let context: RunContext
    let board: Scoreboard

    var agreement: Double? { nil }

    func ensemble(previous: Ensemble) -> Ensemble { previous }

    var json: JSONValue { [:] }
}
