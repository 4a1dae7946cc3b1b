package import EdisonCore

/// Everything that a run has produced so far, by key: what is in it is never asked for again.
///
/// Filled from the store when a run starts or goes on; that a run continues after a crash without paying twice rests
/// on this and on the stored answers of calls.
package actor EvaluationMemo {
    private var outputs: [OutputKey: Output] = [:]
    private var pointwise: [Output.ID: [String: Judgment]] = [:]
    private var pairwise: [PairKey: Judgment] = [:]
    private var allJudgments: [Judgment] = []
    private var similarities: [Output.ID: Double] = [:]
    private var scans: [ContentHash: SafetyScan] = [:]

    package struct PairKey: Hashable, Sendable {
        package let judge: String
        package let first: Output.ID
        package let second: Output.ID

        package init(judge: String, first: Output.ID, second: Output.ID) {
            self.judge = judge
            self.first = first
            self.second = second
        }
    }

    package init(outputs: [Output] = [], judgments: [Judgment] = [], scans: [SafetyScan] = []) {
        self.scans = Dictionary(scans.map { ($0.text, $0) }, uniquingKeysWith: { first, _ in first })
        for output in outputs { self.outputs[output.key] = output }
        for judgment in judgments {
            allJudgments.append(judgment)
            if let other = judgment.otherOutputID {
                pairwise[
                    PairKey(judge: judgment.judge, output: judgment.outputID, other: other, order: judgment.order)] =
                    judgment
            } else {
                pointwise[judgment.outputID, default: [:]][judgment.judge] = judgment
            }
        }
    }

    package func add(_ output: Output) { outputs[output.key] = output }

    /// What another process has brought meanwhile; what is known already stays.
    package func take(_ outputs: [Output], _ judgments: [Judgment]) {
        for output in outputs where self.outputs[output.key] == nil { add(output) }
        for judgment in judgments where pointwise[judgment.outputID]?[judgment.judge] == nil { add(judgment) }
    }

    /// Of two judgments of the same thing the first counts, as in the store.
    package func add(_ judgment: Judgment) {
        if let other = judgment.otherOutputID {
            let key = PairKey(
                judge: judgment.judge, output: judgment.outputID, other: other, order: judgment.order)
            guard pairwise[key] == nil else { return }
            pairwise[key] = judgment
        } else {
            guard pointwise[judgment.outputID]?[judgment.judge] == nil else { return }
            pointwise[judgment.outputID, default: [:]][judgment.judge] = judgment
        }
        allJudgments.append(judgment)
    }

    /// How near an output's meaning is to what is expected, 0 to 1.
    package func add(similarity: Double, of output: Output.ID) { similarities[output] = similarity }

    package func similarity(of output: Output.ID) -> Double? { similarities[output] }

    package var allSimilarities: [Output.ID: Double] { similarities }

    package func add(_ scan: SafetyScan) { scans[scan.text] = scan }

    package func scan(of text: ContentHash) -> SafetyScan? { scans[text] }

    package var allScans: [ContentHash: SafetyScan] { scans }

    package func output(_ key: OutputKey) -> Output? { outputs[key] }

    /// Whether nothing is left to ask for: the output is there, and the word of each of these judges unless it failed.
    package func isDone(_ key: OutputKey, judges: Set<String>) -> Bool {
        guard let output = outputs[key] else { return false }
        return output.text == nil || judges.allSatisfy { pointwise[output.id]?[$0] != nil }
    }

    package func judgment(of output: Output.ID, by judge: String) -> Judgment? { pointwise[output]?[judge] }

    /// Sorted by judge, so that sums do not depend on the order of arrival.
    package func judgments(of output: Output.ID) -> [Judgment] {
        (pointwise[output] ?? [:]).values.sorted { $0.judge.utf8.lexicographicallyPrecedes($1.judge.utf8) }
    }

    package func comparison(_ key: PairKey) -> Judgment? { pairwise[key] }

    package var everything: (outputs: [Output], judgments: [Judgment]) { (Array(outputs.values), allJudgments) }
}

extension EvaluationMemo.PairKey {
    /// By slots: the output of order 1 stands first.
    init(judge: String, output: Output.ID, other: Output.ID, order: Int) {
        self.init(judge: judge, first: order == 1 ? output : other, second: order == 1 ? other : output)
    }
}
