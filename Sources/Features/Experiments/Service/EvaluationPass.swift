import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts
import EdisonStatistics

extension ExperimentService {
    /// Scores the prompt, or compares the variants, on all cases; nothing is refined.
    package func evaluate(
        _ definition: ExperimentDefinition, start: Start, report: @escaping @Sendable (RunEvent) -> Void
    ) async throws -> Finished {
        try await perform(definition.forEvaluation, kind: .eval, start: start, reviewer: NoReviewer(), report: report) {
            context in
            try await EvaluationPass(context: context).run()
        }
    }
}

extension ExperimentDefinition {
    /// Nothing is kept aside when nothing is refined, and variants bring their own models.
    var forEvaluation: ExperimentDefinition {
        var copy = self
        copy.holdout = 0
        copy.reserve = 0
        if !variants.isEmpty { copy.models = variants.map(\.model) }
        return copy
    }
}

/// One evaluation: every variant on every case, with every judge.
struct EvaluationPass: Sendable {
    let context: RunContext

    func run() async throws -> RunOutcome {
        let versions = try await versions()
        let cells = context.definition.cases.flatMap { testCase in
            pairs(versions).flatMap { version, model in
                context.replicates.map { replicate in
                    Cell(version: version.version, testCase: testCase, model: model, replicate: replicate)
                }
            }
        }
        var record = IterationRecord(number: 1, version: versions[0].version.id)
        record.cases = context.definition.cases.map(\.id)
        record.status = try record.status.advanced(to: .executing)
        try await context.store.save(record)
        let progress = IterationProgress(record, context.store)
        var stopReason: StopReason?
        var detail: String?
        do {
            try await context.shared.evaluate(cells, judges: context.allJudges) { try await progress.judging() }
            try await SimilarityStep(context: context).measure(versions, on: context.definition.cases)
        } catch let error as EdisonError where error.code == .budgetExceeded {
            stopReason = context.progress.limitReached(error)
            detail = StopReason.detail(of: error)
        }
        var state = LoopState(seed: versions[0], ensemble: .equal(context.pointwiseJudges))
        state.versions = versions
        for version in versions { state.evidence[version.version.id] = context.definition.cases }
        state.ensemble = await weights(state)
        do { state.pairwise = try await pairwise(versions) } catch let error as EdisonError
            where error.code == .budgetExceeded
        { stopReason = context.progress.limitReached(error) }
        let board = await context.scoreboard(state.ensemble)
        try await progress.judging()
        record = await progress.record
        record.status = try record.status.advanced(to: .aggregating)
        record.metrics = IterationMetrics(context: context, board: board).measure(
            versions[0], on: context.definition.cases)
        record.cost = try await context.spent()
        if stopReason == nil, (record.metrics?.failedShare ?? 0) > context.settings.errorShare || isUnscored(record) {
            stopReason = .errors
        }
        record.status = try record.status.advanced(to: stopReason == .errors ? .failed : .completed)
        try await context.store.save(record)
        if let composite = record.metrics?.composite, context.definition.variants.isEmpty {
            context.report(.scored(iteration: 1, version: 1, composite))
        }
        let why = stopReason == .errors ? await FailureWords(context).mostFrequent : detail
        let comparison = VariantComparison(context: context, board: board, versions: versions).json
        return RunOutcome(
            state: state, stopReason: stopReason, holdout: nil, verdict: nil, verdictReason: why,
            best: best(of: versions, comparison), variants: comparison)
    }

    /// The variant that is better than the first and scores highest; the first where none is.
    private func best(of versions: [LoopVersion], _ comparison: JSONValue) -> PromptVersion.ID {
        let better = (comparison.array ?? []).filter { $0["comparison"]?["verdict"] == "better" }
        let best = better.max { ($0["score"]?.double ?? 0) < ($1["score"]?.double ?? 0) }
        return versions.first { .string($0.version.id.text) == best?["version_id"] }?.version.id
            ?? versions[0].version.id
    }

    /// Nothing could be evaluated, or too little to conclude anything from.
    private func isUnscored(_ record: IterationRecord) -> Bool {
        guard let metrics = record.metrics else { return true }
        return metrics.composite == nil || metrics.coverage < 0.8
    }

    private func pairs(_ versions: [LoopVersion]) -> [(LoopVersion, String)] {
        if context.definition.variants.isEmpty { return context.modelNames.map { (versions[0], $0) } }
        return zip(versions, context.definition.variants).map { ($0, $1.model.name) }
    }

    private func versions() async throws -> [LoopVersion] {
        let contents =
            context.definition.variants.isEmpty
            ? [(context.definition.prompt, "the prompt of the file")]
            : context.definition.variants.map { ($0.prompt, $0.name) }
        var versions: [LoopVersion] = []
        for (index, content) in contents.enumerated() {
            let version = try await context.store.version(
                number: index + 1, content: content.0, parent: nil, message: content.1)
            versions.append(
                LoopVersion(
                    version: version, number: index + 1, parentID: nil, iteration: 0, status: .seed, diff: "",
                    note: content.1, edits: [], targetCriteria: []))
        }
        return versions
    }

    private func weights(_ state: LoopState) async -> Ensemble {
        JudgeReliability(context: context, board: await context.scoreboard(state.ensemble), state: state)
            .ensemble(previous: state.ensemble)
    }

    /// Each variant against the first.
    private func pairwise(_ versions: [LoopVersion]) async throws -> [PairwiseRecord] {
        var records: [PairwiseRecord] = []
        let variants = context.definition.variants
        for (index, variant) in variants.enumerated().dropFirst() {
            let record = try await PairwiseStep(context: context).compare(
                versions[index], with: versions[0], on: context.definition.cases,
                configurations: [(variant.model.name, variants[0].model.name)])
            if let record { records.append(record) }
        }
        return records
    }
}

/// Two to eight variants on the same cases: each with its score, and compared with the first by case.
struct VariantComparison: Sendable {
    let context: RunContext
    let board: Scoreboard
    let versions: [LoopVersion]

    var json: JSONValue {
        let variants = Array(zip(context.definition.variants, versions))
        guard variants.count > 1 else { return [] }
        let pValues = variants.dropFirst().map { difference($0, from: variants[0]).pValue }
        let adjusted = CaseStatistics.holm(pValues)
        return .array(
            variants.enumerated().map { index, variant in
                row(variant, first: index == 0 ? nil : variants[0], adjusted: index == 0 ? nil : adjusted[index - 1])
            })
    }

    private typealias Pair = (Variant, LoopVersion)

    private func score(_ pair: Pair, _ testCase: TestCase) -> Double? {
        board.score(pair.1.version.id, on: testCase, models: [pair.0.model.name], replicates: context.replicates)
    }

    private func clusters(_ value: (TestCase) -> Double?) -> [[Double]] {
        Dictionary(grouping: context.definition.cases, by: \.clusterKey).sorted { bytewise($0.key, $1.key) }
            .map { $0.value.compactMap(value) }
    }

    private func difference(_ pair: Pair, from first: Pair) -> (estimate: Estimate?, pValue: Double?) {
        let clusters = clusters { testCase in
            guard let after = score(pair, testCase), let before = score(first, testCase) else { return nil }
            return after - before
        }
        let seed = DerivedSeed(context.definition.seed, "bootstrap", "variant", pair.0.name).value
        return (CaseStatistics.estimate(values: clusters, seed: seed), CaseStatistics.pairedPValue(clusters))
    }

    private func row(_ pair: Pair, first: Pair?, adjusted: Double?) -> JSONValue {
        let seed = DerivedSeed(context.definition.seed, "bootstrap", "composite").value
        let estimate = CaseStatistics.estimate(values: clusters { score(pair, $0) }, seed: seed)
        let outputs = context.definition.cases.compactMap { testCase in
            board.output(pair.1.version.id, testCase, model: pair.0.model.name)
        }
        let costs = outputs.map(\.cost)
        let cost = costs.contains(nil) ? nil : costs.compactMap(\.self).reduce(Money.zero, +)
        let latencies = outputs.filter { !$0.cached && $0.text != nil }.map { Double($0.latency.microseconds) / 1000 }
            .sorted()
        var object: JSONObject = [
            "name": .string(pair.0.name), "version_id": .string(pair.1.version.id.text),
            "model": .string(pair.0.model.reference.model), "score": JSONValue(estimate?.mean),
            "interval": (estimate?.interval).json, "cases": .integer(Int64(estimate?.cases ?? 0)),
            "cost_usd": cost?.json ?? .null,
            "latency_ms_median": latencies.isEmpty ? .null : .number(latencies[latencies.count / 2]),
        ]
        if let first {
            let difference = difference(pair, from: first)
            object["comparison"] = [
                "against": .string(first.0.name), "difference": JSONValue(difference.estimate?.mean),
                "interval": (difference.estimate?.interval).json, "p_value": JSONValue(difference.pValue),
                "p_adjusted": JSONValue(adjusted), "method": JSONValue(difference.estimate?.method),
                "verdict": .string(verdict(difference.estimate, adjusted).rawValue),
            ]
        }
        return .object(object)
    }

    /// Better or worse only when the difference survives Holm's correction; equivalent when the whole interval lies
    /// inside the margin that matters.
    private func verdict(_ estimate: Estimate?, _ adjusted: Double?) -> Verdict {
        guard let estimate, let interval = estimate.interval, let adjusted else { return .insufficientData }
        if adjusted < 0.05 { return estimate.mean > 0 ? .better : .worse }
        let margin = context.definition.stop.minDelta
        return interval.lowerBound > -margin && interval.upperBound < margin ? .equivalent : .noDifference
    }
}
