import EdisonCore
package import EdisonDatasets
package import EdisonEvaluation
import EdisonPrompts
import EdisonStatistics

/// The figures of one version on one set of cases.
package struct IterationMetrics: Sendable {
    let context: RunContext
    let board: Scoreboard

    package struct Values: Sendable {
        package var composite: Estimate?
        package var perCriterion: [(name: String, estimate: Estimate)] = []
        package var perModel: [(name: String, estimate: Estimate)] = []
        package var facets: [(facet: String, estimate: Estimate)] = []
        /// Share of outputs that have a score.
        package var coverage = 0.0
        /// Share of outputs whose call failed, among the last `errorWindow` in the order of the cases.
        package var failedShare = 0.0
        package var invalidJudgments = 0
        package var judgments = 0
        /// How far outputs are what was expected, by the run's comparison; beside the composite, never in it.
        package var expectedMatch: Estimate?
        package var ensemble = Ensemble()
        /// How much of the search cases each case stands for.
        package var weights = CaseWeights.equal

        package init() {}
    }

    package func measure(_ version: LoopVersion, on cases: [TestCase], weights: CaseWeights = .equal) -> Values {
        var values = Values()
        values.weights = weights
        // By content, which takes longer to hash than to score.
        let clusters = Dictionary(cases.map { ($0.id, $0.clusterKey) }, uniquingKeysWith: { first, _ in first })
        func grouped(_ cases: [TestCase]) -> [[TestCase]] {
            let groups = Dictionary(grouping: cases) { clusters[$0.id] ?? $0.clusterKey }
            return groups.keys.sorted(by: bytewise).compactMap { groups[$0] }
        }
        let all = grouped(cases)
        func estimate(_ purpose: String, _ clusters: [[TestCase]], _ score: (TestCase) -> Double?) -> Estimate? {
            self.estimate(purpose, clusters, weights, score)
        }
        let outputs = cases.flatMap { testCase in
            context.modelNames.flatMap { model in
                context.replicates.compactMap { replicate in
                    board.output(version.version.id, testCase, model: model, replicate: replicate)
                        .map { (testCase, $0) }
                }
            }
        }
        let judgments = outputs.flatMap { board.judgments(of: $0.1) }
        values.judgments = judgments.count
        values.invalidJudgments = judgments.count { !$0.valid }
        let scored = outputs.count { board.score(of: $0.1, on: $0.0) != nil }
        values.coverage = outputs.isEmpty ? 0 : Double(scored) / Double(outputs.count)
        let window = outputs.suffix(context.settings.errorWindow)
        values.failedShare = window.isEmpty ? 0 : Double(window.count { $0.1.text == nil }) / Double(window.count)
        values.ensemble = board.scoring.ensemble
        // Each case is in the composite and in several facets, and is its only model's score too.
        let scores = Dictionary(
            cases.map { ($0.id, score(version, $0, models: nil)) }, uniquingKeysWith: { first, _ in first })
        values.composite = estimate("composite", all) { scores[$0.id] ?? nil }
        values.perModel = context.modelNames.compactMap { model in
            estimate("model:\(model)", all) { testCase in
                context.modelNames.count == 1
                    ? scores[testCase.id] ?? nil : score(version, testCase, models: [model])
            }.map { (model, $0) }
        }
        values.perCriterion = context.definition.rubric.criteria.compactMap { criterion in
            estimate("criterion:\(criterion.name)", all) { criterionScore(criterion.name, version, $0) }
                .map { (criterion.name, $0) }
        }
        values.expectedMatch = estimate("expected", all) { match(version, $0) }
        values.facets = facets(of: cases).compactMap { facet, members in
            estimate("facet:\(facet)", grouped(members)) { scores[$0.id] ?? nil }.map { (facet, $0) }
        }
        return values
    }

    private func score(_ version: LoopVersion, _ testCase: TestCase, models: [String]?) -> Double? {
        board.score(version.version.id, on: testCase, models: models, replicates: context.replicates)
    }

    private func criterionScore(_ name: String, _ version: LoopVersion, _ testCase: TestCase) -> Double? {
        let scores = context.modelNames.flatMap { model in
            context.replicates.compactMap { replicate -> Double? in
                guard let output = board.output(version.version.id, testCase, model: model, replicate: replicate)
                else { return nil }
                return board.scoring.criterionScore(
                    name, board.judgments(of: output), checks: board.checks(of: output, on: testCase))
            }
        }
        return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
    }

    private func match(_ version: LoopVersion, _ testCase: TestCase) -> Double? {
        let matches = context.modelNames.flatMap { model in
            context.replicates.compactMap { replicate in
                board.output(version.version.id, testCase, model: model, replicate: replicate)
                    .flatMap { board.match(of: $0, on: testCase) }
            }
        }
        return matches.isEmpty ? nil : matches.reduce(0, +) / Double(matches.count)
    }

    private func estimate(
        _ purpose: String, _ clusters: [[TestCase]], _ weights: CaseWeights, _ score: (TestCase) -> Double?
    ) -> Estimate? {
        let values = clusters.map { cases in
            cases.compactMap { one in score(one).map { WeightedValue($0, weight: weights[one]) } }
        }
        return CaseStatistics.estimate(
            weighted: values, seed: DerivedSeed(context.definition.seed, "bootstrap", purpose).value)
    }

    private func facets(of cases: [TestCase]) -> [(String, [TestCase])] {
        var groups: [String: [TestCase]] = [:]
        for testCase in cases {
            for facet in CaseFacets.names(of: testCase) { groups[facet, default: []].append(testCase) }
        }
        return groups.sorted { bytewise($0.key, $1.key) }.map { ($0.key, $0.value) }
    }
}
