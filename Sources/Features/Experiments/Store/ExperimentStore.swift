package import EdisonCore
import EdisonDatasets
package import EdisonEvaluation
package import EdisonEvents
package import EdisonPrompts
package import EdisonSQL

/// What one run keeps: its versions, iterations, decisions, outputs, judgments and scans.
package struct ExperimentStore: Sendable {
    package let experiment: Experiment.ID
    package let database: Database
    let promptID: Prompt.ID
    let events: EventLog
    let prompts = PromptStore()
    let evaluations = EvaluationStore()
    let scans = SafetyScanStore()

    package init(experiment: Experiment.ID, prompt: Prompt.ID, database: Database, events: EventLog) {
        self.experiment = experiment
        promptID = prompt
        self.database = database
        self.events = events
    }

    /// The version with this number: the stored one when the run has made it before, else a new one.
    ///
    /// A run that goes on makes the same versions again. Should one differ, the answers it rests on are not the ones
    /// that were stored, and going on would mix two runs.
    package func version(
        number: Int, content: PromptContent, parent: PromptVersion.ID?, message: String
    ) async throws -> PromptVersion {
        let fresh = PromptVersion(
            id: IDSource.random.next(), promptID: promptID, number: number, parentID: parent, content: content,
            message: message, createdAt: .now)
        return try await database.write { db in
            guard let known = try prompts.version(number: number, of: promptID, in: db) else {
                try prompts.insert(fresh, in: db)
                return fresh
            }
            guard known.versionHash == content.versionHash else {
                throw EdisonError(
                    .conflict, "The stored run differs from this one at version \(number).",
                    detail: "Start a new run of the same file with --new.")
            }
            return known
        }
    }

    package func memo() async throws -> EvaluationMemo {
        let scope = experiment.text
        return try await database.read { db in
            EvaluationMemo(
                outputs: try evaluations.outputs(scope: scope, in: db),
                judgments: try evaluations.judgments(scope: scope, in: db), scans: try scans.scans(scope: scope, in: db)
            )
        }
    }

    /// What is stored of these cells by now, by whichever process.
    package func stored(_ cells: [Cell]) async throws -> (outputs: [Output], judgments: [Judgment]) {
        var found: (outputs: [Output], judgments: [Judgment]) = ([], [])
        // A statement takes some thousands of values, and no more.
        for start in stride(from: 0, to: cells.count, by: 500) {
            let some = try await stored(cells[start..<min(start + 500, cells.count)])
            found.outputs += some.outputs
            found.judgments += some.judgments
        }
        return found
    }

    private func stored(_ cells: ArraySlice<Cell>) async throws -> (outputs: [Output], judgments: [Judgment]) {
        let versions = Array(Set(cells.map(\.version.id.text)))
        let cases = Array(Set(cells.map(\.testCase.id.text)))
        return try await database.read { db in
            let outputs = try evaluations.outputs(
                scope: experiment.text, versions: versions, cases: cases, in: db)
            return (outputs, try evaluations.judgments(of: outputs.map(\.id), in: db))
        }
    }

    /// The version of the run with this number; nil when there is none.
    func version(number: Int) async throws -> PromptVersion? {
        try await database.read { db in try prompts.version(number: number, of: promptID, in: db) }
    }

    /// What people said of the run's outputs, in earlier sittings.
    package func labels() async throws -> [Label] {
        try await database.read { db in try LabelStore().labels(run: experiment, in: db) }
    }

    /// That the run has been worked on for so long: whoever goes on with it after a kill counts from there. Of a leader
    /// that has lost the lead, and comes late, it takes nothing back.
    package func note(active time: Duration) async throws {
        try await database.write { db in
            try db.execute(
                """
                UPDATE experiment SET active_us = \(time.microseconds)
                WHERE id = \(experiment) AND active_us < \(time.microseconds)
                """)
        }
    }

    /// Moves the run to another state, with its result at an end, in one transaction; refuses moves that do not exist.
    ///
    /// A run that goes on keeps the result of its last end, but a list no longer shows that as how it ended.
    ///
    /// - Parameter isEarlier: the result is that of an end before this one, which had none of its own.
    package func move(
        to status: ExperimentStatus, stopReason: StopReason? = nil, result: JSONValue? = nil, isEarlier: Bool = false
    ) async throws {
        let outcome = isEarlier ? nil : result?.object.map { ListedResult.document(of: RunResult(json: $0)) }
        let goesOn = status == .running
        try await database.write { db in
            let row = try db.fetchOne(
                "SELECT status FROM experiment WHERE id = \(experiment)\(db.dialect.lockRows)")
            let before = try row.flatMap { ExperimentStatus(rawValue: try $0.string("status")) } ?? .draft
            _ = try before.advanced(to: status)
            try db.execute(
                """
                UPDATE experiment SET status = \(status.rawValue), stop_reason = \(stopReason?.rawValue),
                    result = COALESCE(\(result), result), outcome = CASE WHEN \(goesOn) = 1 THEN NULL ELSE COALESCE(\(outcome), outcome) END,
                    finished_at = \(goesOn ? nil : Timestamp.now), failure = NULL
                WHERE id = \(experiment)
                """)
            try record(status, stopReason, in: db)
        }
    }
}

extension ExperimentStore: EvaluationRecord {
    package func record(_ output: Output, of cell: Cell) async throws -> Output {
        try await database.write { db in try evaluations.insert(output, scope: experiment.text, in: db) }
    }

    package func record(_ judgment: Judgment) async throws {
        try await database.write { db in try evaluations.insert(judgment, scope: experiment.text, in: db) }
    }

    package func record(_ scan: SafetyScan) async throws {
        try await database.write { db in try scans.insert(scan, scope: experiment.text, in: db) }
    }
}

extension ExperimentStore {
    /// Moves an experiment that nobody works on; refuses moves that do not exist.
    static func set(_ status: ExperimentStatus, of experiment: Experiment.ID, in db: any DatabaseConnection) throws {
        let row = try db.fetchOne("SELECT status FROM experiment WHERE id = \(experiment)\(db.dialect.lockRows)")
        let before = try row.flatMap { ExperimentStatus(rawValue: try $0.string("status")) } ?? .draft
        _ = try before.advanced(to: status)
        try db.execute("UPDATE experiment SET status = \(status.rawValue) WHERE id = \(experiment)")
    }

    /// Ends an experiment that cannot begin, or cannot go on, and says why.
    static func fail(_ experiment: Experiment.ID, _ failure: String, in db: any DatabaseConnection) throws {
        try set(.failed, of: experiment, in: db)
        try db.execute(
            """
            UPDATE experiment SET stop_reason = \(StopReason.errors.rawValue), failure = \(failure),
                finished_at = \(Timestamp.now)
            WHERE id = \(experiment)
            """)
    }
}
