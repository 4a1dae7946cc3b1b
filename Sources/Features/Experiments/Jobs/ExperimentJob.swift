package import EdisonCore
package import EdisonJobs

/// Works on an experiment until it ends, waits for a person, or is stopped.
package struct ExperimentJob: JobParameters {
    package static let kind: JobKind = "experiment.run"

    package let experiment: Experiment.ID

    package init(experiment: Experiment.ID) { self.experiment = experiment }

    package init(json: JSONValue) throws {
        guard let id = json["experiment"]?.string else { throw EdisonError(.internal, "A job without an experiment.") }
        experiment = Experiment.ID(id)
    }

    package var json: JSONValue { ["experiment": .string(experiment.text)] }
}

/// The person of an experiment of the server is not there while it runs: what must be decided waits in the queue of
/// reviews, and a decision starts it again.
struct AbsentReviewer: Reviewer {
    func review(_ suggestion: Suggestion) async throws -> ReviewDecision { throw AwaitingReview() }
    /// Whoever started it has agreed to its next step; each candidate is asked about.
    func mayGoOn(with step: String) async throws -> Bool { true }
}
