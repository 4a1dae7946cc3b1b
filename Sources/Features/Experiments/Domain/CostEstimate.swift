package import EdisonCore
import EdisonDatasets
import EdisonEvaluation
package import EdisonLLM
import EdisonPrompts

/// What a run is expected to make and to cost, before it is made. Tokens are estimated from the texts: four bytes a
/// token in, an answer about as long as three hundred tokens out.
package struct CostEstimate: Sendable {
    package let calls: Int
    package let searchCases: Int
    /// nil = a price is unknown.
    package let expected: Money?
    package let inputTokens: Int
    package let outputTokens: Int

    package init(_ definition: ExperimentDefinition, prices: (ModelReference) -> Price?) {
        let clusters = Set(definition.cases.map(\.clusterKey)).count
        let shares = SplitShares.standard(
            clusters: clusters, holdout: definition.holdout, reserve: definition.reserve)
        let count = Double(definition.cases.count)
        let holdout = Int(count * shares.holdout)
        let search = Int(count * (1 - shares.holdout - shares.reserve))
        searchCases = search
        let settings = definition.loop
        let judges = definition.judges.count { $0.judge.mode == .pointwise }
        let models = max(1, definition.models.count)
        let iterations = definition.refiner == nil ? 0 : definition.stop.maxIterations
        let isFull = (definition.loop.mode ?? (definition.review == .everyStep ? .full : .racing)) == .full
        // loop.md, section 7: evidence, then per iteration proposals and a race of about six cases a candidate.
        let raced = isFull ? search * models : 6
        let evidence =
            isFull ? search : min(search, settings.evidenceCases + iterations * settings.newEvidenceCases / 2)
        let executions =
            iterations == 0
            ? definition.cases.count * models * settings.replicates
            : evidence * models + iterations * raced * 2 + 2 * holdout * models
        let refines = iterations * settings.proposals
        let judgments = executions * max(1, judges)
        calls = executions + (judges > 0 ? judgments : 0) + refines
        let caseTokens =
            definition.cases.isEmpty
            ? 100 : definition.cases.reduce(0) { $0 + $1.inputText.utf8.count } / definition.cases.count / 4
        let promptTokens = (definition.prompt.shownLength) / 4 + caseTokens
        let outputLength = 300
        let groups: [([RunModel], Int, Int, Int)] = [
            (definition.models + definition.variants.map(\.model), executions, promptTokens, outputLength),
            (
                definition.judges.map(\.model), judges > 0 ? judgments : 0, promptTokens + outputLength + 600,
                outputLength
            ),
            (
                [definition.refiner].compactMap(\.self), refines, promptTokens + 8 * (outputLength + caseTokens + 200),
                400
            ),
        ]
        var cost: Money? = .zero
        var input = 0
        var output = 0
        for (models, calls, inputTokens, outputTokens) in groups where !models.isEmpty {
            for model in models {
                let share = calls / models.count
                input += share * inputTokens
                output += share * outputTokens
                guard let price = prices(model.reference) else {
                    cost = nil
                    continue
                }
                let part = price.cost(of: TokenUsage(input: share * inputTokens, output: share * outputTokens))
                cost = cost.map { $0 + part }
            }
        }
        expected = cost
        self.inputTokens = input
        self.outputTokens = output
    }

    package var sentence: String {
        let money = expected.map { "about \($0.shortText)" } ?? "unknown cost, since a price is unknown"
        return "Expected: up to \(calls) calls, \(money)."
    }
}
