import EdisonCore
import EdisonEvaluation
package import EdisonSQL

/// Labels by people for finished runs: picks outputs, keeps what is said, and renews the run's result with it. No model
/// is called.
package struct LabelService: Sendable {
    /// Enough for the correction and for judging the judges.
    package static let standardCount = 15

    private let database: Database
    private let project: String
    private let store = LabelStore()

    package init(database: Database, project: String) {
        self.database = database
        self.project = project
    }

    /// A finished run that is being labelled.
    package struct Opened: Sendable {
        package let id: Experiment.ID
        package let kind: Experiment.Kind
        package let seed: UInt64
        let result: RunResult
        let run: LabelledRun
    }

    package struct Imported: Sendable {
        package let result: RunResult
        package let stored: Int
        /// Lines that hold no scores yet.
        package let empty: Int
    }

    package func open(file: String?, seed: UInt64?) async throws -> Opened {
        let found = try await database.read { db in
            try store.finished(file: file, seed: seed, project: project, in: db)
        }
        guard let found, let json = found.result.object else {
            let what = [file.map { " of \($0)" }, seed.map { " with the seed \($0)" }].compactMap(\.self).joined()
            throw EdisonError(
                .notFound, "No finished run\(what) is in the database.",
                detail: "People label what a finished run answered. Make one with: edison refine \(file ?? "FILE")")
        }
        let result = RunResult(json: json)
        let run = LabelledRun(result)
        guard !run.rubric.judged.isEmpty else {
            throw EdisonError(
                .invalid, "\(found.name) has no criterion that people could score: checks decide all of them.")
        }
        return Opened(id: found.id, kind: found.kind, seed: run.seed, result: result, run: run)
    }

    /// Picks cases until there are `count`, besides what was picked before, and gives all of them to be labelled.
    package func sheet(_ opened: Opened, count: Int?) async throws -> LabelSheet {
        let picker = LabelPicker(opened.run)
        guard picker.available > 0 else {
            throw EdisonError(
                .invalid, "The run has no outputs to label.",
                detail: "Both versions need an answer with a score to the same held-out case.")
        }
        return try await database.write { db in
            try store.lock(opened.id, in: db)
            let before = Set(try store.picks(run: opened.id, in: db).keys.map(\.text))
            let picked = picker.picks(cases: max(count ?? Self.standardCount, picker.count(of: before)))
            for one in picked {
                for output in one.row.outputs { try store.save(one.pick, of: ID(output), run: opened.id, in: db) }
            }
            let labels = try store.labels(run: opened.id, in: db).filter { $0.author == Label.localAuthor }
            return LabelSheet(
                name: opened.result.json["experiment"]?["name"]?.string ?? "",
                criteria: opened.run.rubric.judged, items: items(picked, opened.run), picked: picked.count,
                available: picker.available,
                labels: Dictionary(labels.map { ($0.output, $0) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    private func items(_ picked: [LabelPicker.Picked], _ run: LabelledRun) -> [LabelSheet.Item] {
        LabelOrder.outputs(picked, seed: run.seed).compactMap { shown in
            guard let text = run.outputs[shown.output]?["text"]?.string else { return nil }
            let testCase = run.cases[shown.testCase]
            return LabelSheet.Item(
                output: ID(shown.output), input: testCase?["input"] ?? .null, expected: testCase?["expected"]?.known,
                text: text)
        }
    }

    /// Keeps one label at once, with the result that follows from all of them.
    @discardableResult
    package func save(_ label: Label, in opened: Opened) async throws -> RunResult {
        try await save([label], in: opened)
    }

    /// All labels of a text, or none: then every fault is named with its line.
    package func take(_ text: String, named name: String, in opened: Opened) async throws -> Imported {
        let lines = LabelLines(
            text, criteria: opened.run.rubric.judged,
            outputs: opened.run.outputs.mapValues { $0["text"]?.string })
        if !lines.issues.isEmpty {
            throw EdisonError(
                .invalid, "\(name) cannot be imported; nothing of it was stored.", issues: lines.issues)
        }
        if lines.labels.isEmpty {
            throw EdisonError(
                .invalid, "\(name) holds no labels.",
                detail: "Fill in \"scores\" in the lines that --export wrote.")
        }
        let result = try await save(lines.labels, in: opened)
        return Imported(result: result, stored: lines.labels.count, empty: lines.empty)
    }

    private func save(_ labels: [Label], in opened: Opened) async throws -> RunResult {
        try await database.write { db in
            try store.lock(opened.id, in: db)
            for label in labels { try store.save(label, run: opened.id, in: db) }
            let all = try store.labels(run: opened.id, in: db)
            // The run may have gone on since it was opened: the result that it has now is the one to keep.
            let current = try store.result(of: opened.id, in: db).map { RunResult(json: $0) } ?? opened.result
            let result = LabelledResult(current, labels: all).labelled
            try store.renew(.object(result.json), of: opened.id, in: db)
            return result
        }
    }

    /// The result as it is with the labels so far.
    package func result(of opened: Opened) async throws -> RunResult {
        try await database.read { db in
            let current = try store.result(of: opened.id, in: db).map { RunResult(json: $0) } ?? opened.result
            return LabelledResult(current, labels: try store.labels(run: opened.id, in: db)).labelled
        }
    }
}
