package import EdisonCore
package import EdisonSQL

/// Every SQL statement of outputs and judgments. `scope` is the run that owns them: an experiment's id today.
package struct EvaluationStore: Sendable {
    package init() {}

    /// Stores an output once, and returns the stored one; a second one for the same key changes nothing, since what
    /// counts is the first.
    @discardableResult
    package func insert(_ output: Output, scope: String, in db: any DatabaseConnection) throws -> Output {
        let inserted = try db.execute(
            """
            INSERT INTO output
                (id, scope, version_id, case_id, model, replicate, text, error, cached, input_tokens, output_tokens,
                 cost_nano, latency_us, created_at)
            VALUES
                (\(output.id), \(scope), \(output.key.version), \(output.key.caseID), \(output.key.model),
                 \(output.key.replicate), \(output.text), \(output.error), \(output.cached), \(output.inputTokens),
                 \(output.outputTokens), \(output.cost), \(output.latency.microseconds), \(Timestamp.now))
            ON CONFLICT DO NOTHING
            """)
        if inserted > 0 { return output }
        return try outputs(scope: scope, versions: [output.key.version], cases: [output.key.caseID], in: db)
            .first { $0.key == output.key } ?? output
    }

    /// What these versions answered to these cases, by whichever process it was asked for.
    package func outputs(
        scope: String, versions: [String], cases: [String], in db: any DatabaseConnection
    ) throws -> [Output] {
        try db.fetch(
            """
            SELECT id, version_id, case_id, model, replicate, text, error, cached, input_tokens, output_tokens,
                   cost_nano, latency_us
            FROM output
            WHERE scope = \(scope) AND version_id IN (\(list: versions)) AND case_id IN (\(list: cases)) ORDER BY id
            """
        ).map(Output.init(row:))
    }

    /// What single-output judges said of these outputs.
    package func judgments(of outputs: [Output.ID], in db: any DatabaseConnection) throws -> [Judgment] {
        if outputs.isEmpty { return [] }
        return try db.fetch(
            """
            SELECT id, output_id, other_output_id, judge, mode, slot_order, scores, rationales, winner, flags,
                   suggestions, reasoning, valid, invalid_reason, cost_nano
            FROM judgment WHERE output_id IN (\(list: outputs)) AND other_output_id IS NULL ORDER BY id
            """
        ).map(Judgment.init(row:))
    }

    package func insert(_ judgment: Judgment, scope: String, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO judgment
                (id, scope, output_id, other_output_id, judge, mode, slot_order, scores, rationales, winner, flags,
                 suggestions, reasoning, valid, invalid_reason, cost_nano, created_at, flagged)
            VALUES
                (\(judgment.id), \(scope), \(judgment.outputID), \(judgment.otherOutputID), \(judgment.judge),
                 \(judgment.mode.rawValue), \(judgment.order), \(judgment.scoresJSON), \(judgment.rationalesJSON),
                 \(judgment.winner?.rawValue), \(judgment.flags.json), \(judgment.suggestionsJSON),
                 \(judgment.reasoning), \(judgment.valid), \(judgment.invalidReason), \(judgment.cost),
                 \(Timestamp.now), \(judgment.flags.any))
            ON CONFLICT DO NOTHING
            """)
    }

    /// Removes what failed since a moment, so that it is asked for again: outputs without a text, and judgments that
    /// could not be used. What the model did answer is found by its call, and is not paid again.
    package func forgetFailures(scope: String, since moment: Timestamp, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM judgment WHERE scope = \(scope) AND valid = \(false) AND created_at >= \(moment)")
        try db.execute("DELETE FROM output WHERE scope = \(scope) AND text IS NULL AND created_at >= \(moment)")
    }

    /// Returns how many there were; outputs can go only when their judgments are gone.
    package func deleteJudgments(scope: String, in db: any DatabaseConnection) throws -> Int {
        try db.execute("DELETE FROM judgment WHERE scope = \(scope)")
    }

    package func deleteOutputs(scope: String, in db: any DatabaseConnection) throws -> Int {
        try db.execute("DELETE FROM output WHERE scope = \(scope)")
    }

    package func outputs(scope: String, in db: any DatabaseConnection) throws -> [Output] {
        try db.fetch(
            """
            SELECT id, version_id, case_id, model, replicate, text, error, cached, input_tokens, output_tokens,
                   cost_nano, latency_us
            FROM output WHERE scope = \(scope) ORDER BY id
            """
        ).map(Output.init(row:))
    }

    package func judgments(scope: String, in db: any DatabaseConnection) throws -> [Judgment] {
        try db.fetch(
            """
            SELECT id, output_id, other_output_id, judge, mode, slot_order, scores, rationales, winner, flags,
                   suggestions, reasoning, valid, invalid_reason, cost_nano
            FROM judgment WHERE scope = \(scope) ORDER BY id
            """
        ).map(Judgment.init(row:))
    }
}

extension Output {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"),
            key: OutputKey(
                version: try row.string("version_id"), caseID: try row.string("case_id"),
                model: try row.string("model"), replicate: try row.int("replicate")),
            text: try row.optionalString("text"), error: try row.optionalString("error"),
            cached: try row.bool("cached"), inputTokens: try row.int("input_tokens"),
            outputTokens: try row.int("output_tokens"), cost: try row.optionalMoney("cost_nano"),
            latency: .microseconds(try row.int("latency_us")))
    }
}

extension Judgment {
    package var scoresJSON: JSONValue {
        .object(JSONObject(scores.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }))
    }
    package var rationalesJSON: JSONValue {
        .object(JSONObject(rationales.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }
    package var suggestionsJSON: JSONValue {
        .array(suggestions.map { ["criterion": .string($0.criterion), "text": .string($0.text)] })
    }

    init(row: Row) throws {
        let scores = try row.json("scores").object ?? [:]
        let rationales = try row.json("rationales").object ?? [:]
        self.init(
            id: try row.id("id"), outputID: try row.id("output_id"),
            otherOutputID: try row.optionalID("other_output_id"),
            judge: try row.string("judge"), mode: Judge.Mode(rawValue: try row.string("mode")) ?? .pointwise,
            order: try row.int("slot_order"),
            scores: Dictionary(
                scores.compactMap { key, value in value.double.map { (key, $0) } }, uniquingKeysWith: { a, _ in a }),
            rationales: Dictionary(
                rationales.compactMap { key, value in value.string.map { (key, $0) } }, uniquingKeysWith: { a, _ in a }),
            winner: try row.optionalString("winner").flatMap(Winner.init(rawValue:)),
            flags: SafetyFlags(json: try row.json("flags")),
            suggestions: JudgmentContract.suggestions(in: ["suggestions": try row.json("suggestions")]),
            reasoning: try row.optionalString("reasoning"), valid: try row.bool("valid"),
            invalidReason: try row.optionalString("invalid_reason"), cost: try row.optionalMoney("cost_nano"))
    }
}

extension Duration {
    /// Whole microseconds.
    package var microseconds: Int {
        Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
    }
}
