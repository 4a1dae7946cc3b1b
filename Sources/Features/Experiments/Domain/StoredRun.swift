package import EdisonCore
import EdisonPrompts

/// A run as a list of runs shows it.
package struct StoredRun: Sendable {
    package let experiment: Experiment
    /// Where its definition was read from; nil for a demo.
    package let file: String?
    package let finishedAt: Timestamp?
    package let iterations: Int
    /// What its result says in short; nil while the run has not ended since it was last started.
    package let outcome: RunSummary?
    /// The number of the version of this run that is production for its prompt; nil when none is.
    package let production: Int?

    /// What a run without an outcome has cost so far; nil = unknown.
    package var spent: Money?
    /// Of a run without an outcome: at most so much more for attempts whose outcome nobody knows.
    package var unconfirmed: Money = .zero
    /// It was begun and has not ended, and no process works on it.
    package var isInterrupted = false

    package init(
        experiment: Experiment, file: String?, finishedAt: Timestamp?, iterations: Int, outcome: RunSummary?,
        production: Int?
    ) {
        self.experiment = experiment
        self.file = file
        self.finishedAt = finishedAt
        self.iterations = iterations
        self.outcome = outcome
        self.production = production
    }

    /// nil = unknown.
    package var cost: Money? { outcome == nil ? spent : outcome?.cost }

    package var json: JSONValue {
        [
            "id": .string(experiment.id.text), "name": .string(experiment.name),
            "kind": .string(experiment.kind.rawValue), "status": .string(experiment.status.rawValue),
            "stop_reason": JSONValue(experiment.stopReason?.rawValue),
            "seed": .integer(Int64(bitPattern: experiment.seed)), "file": JSONValue(file),
            "iterations": .integer(Int64(iterations)), "verdict": JSONValue(outcome?.verdict?.rawValue),
            "score": JSONValue(outcome?.score), "interval": (outcome?.interval).json,
            "score_of": JSONValue(outcome?.scoreOf), "best_version": JSONValue(outcome?.bestNumber),
            "production_version": JSONValue(production), "cost_usd": cost?.json ?? .null,
            "unconfirmed_usd": unconfirmed.json, "interrupted": .bool(isInterrupted),
            "created_at": .string(experiment.createdAt.rfc3339), "finished_at": JSONValue(finishedAt?.rfc3339),
        ]
    }
}

/// The few figures of a result that a list shows, stored beside it.
package struct RunSummary: Hashable, Sendable {
    package let verdict: Verdict?
    /// The composite of the last iteration, or the best variant's score; with a test on the hold-out the
    /// recommended version's mean there.
    package let score: Double?
    package let interval: ClosedRange<Double>?
    /// `search`, `holdout` or `variant`: what the score was measured on.
    package let scoreOf: String?
    package let bestNumber: Int?
    /// nil = unknown.
    package let cost: Money?

    package init(_ result: RunResult) {
        let json = result.json
        verdict = result.verdict
        bestNumber = result.best?["number"]?.int
        cost = json["cost_usd"]?.double.flatMap { Money(dollars: $0) }
        let best = json["best_version_id"]
        let variant = json["variants"]?.array?.first { $0["version_id"] == best }
        if let holdout = json["holdout"], holdout.object != nil {
            // The first version stays where the test found no gain.
            let isBest = holdout["version_id"] == best
            (score, interval, scoreOf) = (holdout[isBest ? "best" : "first"]?.double, nil, "holdout")
        } else if let variant {
            (score, interval, scoreOf) = (variant["score"]?.double, Self.range(variant["interval"]), "variant")
        } else {
            let composite = json["composite"]
            score = composite?["score"]?.double
            interval = Self.range(composite?["interval"])
            scoreOf = score == nil ? nil : "search"
        }
    }

    init(stored json: JSONValue) {
        verdict = json["verdict"]?.string.flatMap(Verdict.init(rawValue:))
        score = json["score"]?.double
        interval = Self.range(json["interval"])
        scoreOf = json["score_of"]?.string
        bestNumber = json["best_version"]?.int
        cost = json["cost_usd"]?.double.flatMap { Money(dollars: $0) }
    }

    var json: JSONValue {
        [
            "verdict": JSONValue(verdict?.rawValue), "score": JSONValue(score), "interval": interval.json,
            "score_of": JSONValue(scoreOf), "best_version": JSONValue(bestNumber), "cost_usd": cost?.json ?? .null,
        ]
    }

    private static func range(_ json: JSONValue?) -> ClosedRange<Double>? {
        guard let low = json?[0]?.double, let high = json?[1]?.double, low <= high else { return nil }
        return low...high
    }
}
