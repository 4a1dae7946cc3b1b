import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts
import EdisonStatistics

/// How well the pointwise judges agree, and the weights that follow from it.
///
/// Measured on the evidence of the iterations so far, where every judge scores every output, and on the audited share of
/// the races, where all judges see what one cheap judge decided on. What is measured follows from the state alone, so a
/// run that goes on after a stop measures the same.
struct JudgeReliability: Sendable {
    /// Below this many outputs with two judges or more, weights are noise and stay equal.
    static let leastOutputs = 15
    /// Below this many outputs a low agreement is too often chance to call on all judges for the rest of the run.
    static let leastForAlarm = 8

    private let context: RunContext
    private let board: Scoreboard
    private let judged: [[Judgment]]
    private let rows: [[Double?]]
    private let weights: JudgeWeights
    private let facets: [(length: Double, tag: String)]
    private let audited: [String]

    init(context: RunContext, board: Scoreboard, state: LoopState) {
        self.context = context
        self.board = board
        let names = context.pointwiseJudges
        var judged: [[Judgment]] = []
        var facets: [(length: Double, tag: String)] = []
        var seen: Set<OutputKey> = []
        let evidence = state.versions.flatMap {
            context.cells(of: [$0], on: state.evidence[$0.version.id] ?? [])
        }
        for cell in evidence + state.audited where seen.insert(cell.key).inserted {
            guard let output = board.output(cell.key) else { continue }
            judged.append(board.judgments(of: output))
            facets.append((Double(output.text?.count ?? 0), cell.testCase.tags.first ?? ""))
        }
        audited = state.audited.compactMap { board.output($0.key)?.id.text }
        self.judged = judged
        self.facets = facets
        let scoring = board.scoring
        rows = names.map { name in
            judged.map { $0.first { $0.judge == name && $0.valid }.flatMap(scoring.judgedPart) }
        }
        weights = JudgeWeights(scores: rows)
    }

    /// Krippendorff's α of the composites; nil below two judges or without common outputs.
    var agreement: Double? { alpha(rows) }

    /// Whether the judges agree so little that one of them alone should not decide races.
    var isAlarming: Bool {
        shared >= Self.leastForAlarm && (agreement ?? 1) < context.settings.agreementAlarm
    }

    /// Weights and offsets, or the previous ones while too little is known.
    func ensemble(previous: Ensemble) -> Ensemble {
        guard rows.count > 1, shared >= Self.leastOutputs else { return previous }
        let names = context.pointwiseJudges
        return Ensemble(
            weights: Dictionary(zip(names, weights.weights), uniquingKeysWith: { first, _ in first }),
            offsets: Dictionary(zip(names, weights.offsets), uniquingKeysWith: { first, _ in first }))
    }

    /// Outputs that at least two judges scored.
    private var shared: Int {
        judged.indices.count { place in rows.count { $0[place] != nil } > 1 }
    }

    private func alpha(_ rows: [[Double?]], level: MeasurementLevel = .interval) -> Double? {
        rows.count < 2 ? nil : KrippendorffAlpha(ratings: rows, level: level).alpha
    }

    var json: JSONValue {
        let names = context.pointwiseJudges
        guard !names.isEmpty, !judged.isEmpty else { return [:] }
        var object: JSONObject = [
            "composite": JSONValue(agreement), "outputs": .integer(Int64(judged.count)),
            "audited_output_ids": .array(audited.map { .string($0) }),
            "per_criterion": .object(
                JSONObject(context.definition.rubric.judged.map { ($0.name, JSONValue(criterionAlpha($0))) })),
            "flags": JSONValue(flagAlpha),
            "alarm": .bool((agreement ?? 1) < context.settings.agreementAlarm),
        ]
        object["judges"] = .object(
            JSONObject(names.enumerated().map { index, name in (name, judge(index, name)) }))
        object["length_correlation"] = JSONValue(lengthCorrelation)
        object["warnings"] = .array(warnings.map { .string($0) })
        return .object(object)
    }

    private func judge(_ index: Int, _ name: String) -> JSONValue {
        let others = rows.indices.filter { $0 != index }.map { rows[$0] }
        let own = judged.flatMap { $0.filter { $0.judge == name } }
        return [
            "reliability": JSONValue(rows.count > 1 ? weights.reliabilities[index] : nil),
            "weight": .number(board.scoring.ensemble.weight(of: name)),
            "offset": .number(board.scoring.ensemble.offset(of: name)),
            "alpha_without": JSONValue(alpha(others)),
            "judgments": .integer(Int64(own.count)), "invalid": .integer(Int64(own.count { !$0.valid })),
        ]
    }

    private func criterionAlpha(_ criterion: Criterion) -> Double? {
        let rows = context.pointwiseJudges.map { name in
            judged.map { $0.first { $0.judge == name && $0.valid }?.scores[criterion.name] }
        }
        return alpha(rows, level: .ordinal)
    }

    private var flagAlpha: Double? {
        let rows = context.pointwiseJudges.map { name in
            judged.map { judgments -> Double? in
                judgments.first { $0.judge == name && $0.valid }.map { $0.flags.any ? 1 : 0 }
            }
        }
        return alpha(rows, level: .nominal)
    }

    /// Of score with length of the output, given the case's first tag.
    private var lengthCorrelation: Double? {
        let scored = judged.indices.compactMap { place -> (score: Double, length: Double, tag: String)? in
            let score = weights.score(rows.map { $0[place] })
            return score.map { ($0, facets[place].length, facets[place].tag) }
        }
        guard scored.count >= Self.leastOutputs else { return nil }
        return PartialCorrelation(scored.map(\.score), scored.map(\.length), within: scored.map(\.tag)).coefficient
    }

    private var warnings: [String] {
        var warnings: [String] = []
        if let agreement, agreement < context.settings.agreementAlarm {
            warnings.append(
                "The judges agree little (α = \(rounded(agreement))): read some rationales before trusting scores."
                    + (rows.count == 2 ? " Of two judges nobody can tell which one errs; a third one tells." : ""))
        }
        if let length = lengthCorrelation, abs(length) > 0.3 {
            warnings.append(
                "Scores go with the length of the output (r = \(rounded(length))): judges may reward length.")
        }
        for name in context.definition.relatedJudges {
            warnings.append(
                "Judge \(name) and a model are of one family: judges prefer their own kind"
                    + (context.cases.holdout.isEmpty
                        ? "."
                        : context.promotionJudges.contains(name)
                            ? ", and there is no other one for the test at the end."
                            : ", so the test at the end goes without it."))
        }
        return warnings
    }

    private func rounded(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }
}
