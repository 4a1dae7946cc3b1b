import EdisonCore
import EdisonEvaluation
import EdisonPrompts
package import EdisonSQL

/// What waits for a person over all runs of a project: suggestions, and outputs that were flagged. A decision is kept
/// at once; no model is called.
package struct ReviewQueue: Sendable {
    private let database: Database
    private let project: String
    private let store = ReviewStore()
    private let flags = FlagStore()

    package init(database: Database, project: String) {
        self.database = database
        self.project = project
    }

    package func items(_ filter: ReviewFilter = ReviewFilter()) async throws -> [ReviewItem] {
        let items = try await database.read { db in
            let reviews = try flags.reviews(run: nil, in: db)
            let flagged = try flags.judged(project: project, in: db) + flags.scanned(project: project, in: db)
            return try store.suggestions(project: project, in: db) + Self.joined(flagged, reviews)
        }
        return filter.sorted(items)
    }

    /// One item for each output, whoever flagged it.
    private static func joined(_ rows: [FlaggedRow], _ reviews: [Output.ID: FlagReview]) -> [ReviewItem] {
        Dictionary(grouping: rows, by: \.flagged.output).values.compactMap { rows in
            guard let first = rows.first else { return nil }
            let output = FlaggedOutput(
                output: first.flagged.output, versionNumber: first.flagged.versionNumber, model: first.flagged.model,
                input: first.flagged.input, expected: first.flagged.expected, text: first.flagged.text,
                flags: rows.flatMap(\.flagged.flags), review: reviews[first.flagged.output])
            return ReviewItem(
                run: first.run, runName: first.runName, subject: .flagged(output),
                since: rows.map(\.since).min() ?? first.since)
        }
    }

    /// The run goes by it when it goes on. The first decision on a suggestion stands.
    package func decide(_ decision: ReviewDecision, on suggestion: Suggestion, of run: Experiment.ID) async throws {
        if case .edit(let content, _) = decision, !suggestion.takes(content) {
            throw EdisonError(.invalid, "The edit must keep the variables of version \(suggestion.parentNumber).")
        }
        guard decision != .later else { return }
        let isFirst = try await database.write { db in
            guard try store.isOpen(run, in: db) else {
                throw EdisonError(.conflict, "The run has ended in the meantime; nothing of it waits any more.")
            }
            return try store.save(decision, on: suggestion.version, of: run, in: db)
        }
        guard isFirst else {
            throw EdisonError(
                .conflict, "Version \(suggestion.number) was decided on in the meantime; that decision stands.")
        }
    }

    package func decide(_ review: FlagReview, on output: FlaggedOutput, of run: Experiment.ID) async throws {
        try await database.write { db in try flags.save(review, of: output.output, run: run, in: db) }
    }

    /// The runs that wait for a person and for no decision any more: they can go on.
    ///
    /// - Parameter runs: newest first.
    package func ready(among runs: [StoredRun]) async throws -> [StoredRun] {
        let pending = try await database.read { db in try store.pending(project: project, in: db) }
        var ready: [StoredRun] = []
        var newer: Set<ContentHash> = []
        // Newest first: of several runs of one file, only the newest can go on.
        for run in runs where run.experiment.status != .archived {
            let isNewest = newer.insert(run.experiment.identity).inserted
            guard isNewest, pending[run.experiment.id] ?? 0 == 0 else { continue }
            switch run.experiment.status {
            case .paused where run.experiment.stopReason == nil || pending[run.experiment.id] != nil: ready.append(run)
            // Cut off while it asked somebody.
            case .running where pending[run.experiment.id] != nil:
                if try await isNobodys(run) { ready.append(run) }
            default: break
            }
        }
        return ready
    }

    private func isNobodys(_ run: StoredRun) async throws -> Bool {
        guard let claim = try await database.claim(JoinedRun.claimName(run.experiment.identity, project: project))
        else { return false }
        claim.release()
        return true
    }
}
