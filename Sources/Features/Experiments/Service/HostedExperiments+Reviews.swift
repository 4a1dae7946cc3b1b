import EdisonCore
import EdisonEvents
import EdisonPrompts
import EdisonSQL

/// What waits for a person in experiments of the server.
extension HostedExperiments {
    private func reviews(of project: ProjectID) -> ReviewQueue {
        ReviewQueue(database: database, project: project.text)
    }

    /// What waits for a person in an experiment, and what was decided.
    func suggestions(of id: Experiment.ID) async throws -> [ReviewItem] {
        let found = try await experiment(id)
        var filter = ReviewFilter()
        filter.run = id
        filter.includesDecided = true
        return try await reviews(of: found.project).items(filter)
    }

    /// Keeps a decision; when nothing waits any more, the experiment goes on.
    func decide(
        _ decision: ReviewDecision, on version: String, by actor: Actor
    ) async throws -> ReviewItem {
        guard let id = try await database.read({ db in try store.run(ofSuggestion: version, in: db) }) else {
            throw EdisonError(.notFound, "There is no such suggestion.")
        }
        let found = try await experiment(id)
        let queue = reviews(of: found.project)
        let item = try await suggestions(of: id).first { $0.suggestion?.version.text == version }
        guard let suggestion = item?.suggestion else {
            throw EdisonError(.conflict, "The run has ended; nothing of it waits any more.")
        }
        try await queue.decide(decision, on: suggestion, of: id)
        try await database.write { db in
            try audit.record(
                "suggestion.\(decision.word)", of: ("suggestion", version), by: actor,
                changes: ["experiment_id": .string(id.text)], db)
        }
        let items = try await suggestions(of: id)
        if found.document != nil, items.allSatisfy({ $0.suggestion == nil || $0.isDecided }) {
            try await database.write { db in
                guard let now = try store.experiment(id, locked: true, in: db), now.experiment.status == .paused
                else { return }
                try enqueue(now, db)
            }
        }
        guard let decided = items.first(where: { $0.suggestion?.version.text == version }) else { throw Self.missing }
        return decided
    }

    /// What a person says of an output that was flagged.
    func decide(_ review: FlagReview, on output: String, by actor: Actor) async throws -> ReviewItem {
        guard let id = try await database.read({ db in try store.run(ofOutput: output, in: db) }) else {
            throw EdisonError(.notFound, "There is no such output.")
        }
        let found = try await experiment(id)
        let flagged = try await suggestions(of: id).first { $0.flagged?.output.text == output }?.flagged
        guard let flagged else {
            throw EdisonError(.conflict, "Nothing was flagged in this output.")
        }
        try await reviews(of: found.project).decide(review, on: flagged, of: id)
        try await database.write { db in
            try audit.record(
                "output.\(review.decision.rawValue)", of: ("output", output), by: actor,
                changes: ["experiment_id": .string(id.text)], db)
        }
        guard let item = try await suggestions(of: id).first(where: { $0.flagged?.output.text == output }) else {
            throw Self.missing
        }
        return item
    }
}

extension ReviewItem {
    var suggestion: Suggestion? { if case .suggestion(let suggestion, _) = subject { suggestion } else { nil } }
    var flagged: FlaggedOutput? { if case .flagged(let output) = subject { output } else { nil } }
}
