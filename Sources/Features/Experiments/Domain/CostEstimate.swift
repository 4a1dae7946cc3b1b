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
    /// With answers a third and three times as long as they are taken to be; nil = a price is unknown.
    package let range: (low: Money, high: Money)?
    package let unknownPrices: [String]

    package init(_ definition: ExperimentDefinition, kind: Experiment.Kind, prices: (ModelReference) -> Price?) {
        let plan = CallPlan(definition, kind: kind)
        let models = definition.variants.isEmpty ? definition.models : definition.variants.map(\.model)
        let pointwise = definition.judges.filter { $0.judge.mode == .pointwise }
        let pairwise = definition.judges.filter { $0.judge.mode == .pairwise }
        let writer = [definition.refiner ?? definition.models.first].compactMap(\.self)
        let scanner = [definition.scanner?.model].compactMap(\.self)
        let caseTokens = Self.caseTokens(definition)
        let prompt = definition.prompt.shownLength / 4 + caseTokens
        let answer = 300
        let shown = prompt + answer + 600
        let groups: [Group] = [
            Group(models: models, calls: plan.executions, input: prompt, output: answer),
            Group(
                models: pointwise.map(\.model),
                calls: plan.judgments(pointwise.count) * Self.thinking(pointwise.map(\.model))
                    / max(1, pointwise.count),
                input: shown, output: answer),
            Group(
                models: pairwise.map(\.model), calls: plan.comparisons * Self.thinking(pairwise.map(\.model)) * 2,
                input: shown + answer,
                output: 200),
            Group(
                models: writer, calls: plan.refines * Self.thinking(writer),
                input: prompt + 8 * (answer + caseTokens + 200), output: 400),
            Group(models: writer, calls: plan.summaries, input: prompt + 8 * (answer + caseTokens + 200), output: 300),
            Group(models: writer, calls: plan.drafts, input: 900, output: 2_400),
            Group(
                models: scanner, calls: plan.scans[.outputs, default: 0] * Self.thinking(scanner), input: answer + 300,
                output: 80),
            Group(
                models: scanner, calls: plan.scans[.inputs, default: 0] * Self.thinking(scanner),
                input: caseTokens + 300, output: 80),
        ].filter { !$0.models.isEmpty }
        self.init(groups, searchCases: plan.search, prices: prices)
    }

    /// What so many cases that fail the prompt will take. Every second one that is written is taken to be kept.
    package init(
        generating count: Int, measuring known: Int, _ definition: ExperimentDefinition,
        prices: (ModelReference) -> Price?
    ) {
        let models = definition.models
        let judges = definition.judges.filter { $0.judge.mode == .pointwise }.map(\.model)
        let caseTokens = Self.caseTokens(definition)
        let prompt = definition.prompt.shownLength / 4 + caseTokens
        // Each known case once, each new one once, each kept one once more.
        let answers = (known + 3 * count) * models.count
        let rounds = (2 * count + Generation.cellsPerRound - 1) / Generation.cellsPerRound
        let groups: [Group] = [
            Group(models: models, calls: answers, input: prompt, output: 300),
            Group(
                models: judges, calls: answers * Self.thinking(judges),
                input: prompt + 900, output: 300),
            Group(
                models: [definition.refiner].compactMap(\.self), calls: rounds,
                input: prompt + 40 * caseTokens + 500, output: Generation.cellsPerRound * (caseTokens + 60)),
        ].filter { !$0.models.isEmpty }
        self.init(groups, searchCases: 0, prices: prices)
    }

    private init(_ groups: [Group], searchCases: Int, prices: (ModelReference) -> Price?) {
        self.searchCases = searchCases
        calls = groups.reduce(0) { $0 + $1.calls }
        inputTokens = groups.reduce(0) { $0 + $1.calls * $1.input }
        outputTokens = groups.reduce(0) { $0 + $1.calls * $1.output }
        func total(_ answers: (Int) -> Int) -> Money? {
            groups.reduce(Money.zero) { sum, group in
                guard let sum, let cost = group.cost(prices, answers) else { return nil }
                return sum + cost
            }
        }
        expected = total { $0 }
        range = total { $0 / 3 }.flatMap { low in total { $0 * 3 }.map { (low, $0) } }
        let models = groups.flatMap(\.models).map(\.reference).filter { prices($0) == nil }.map(\.model)
        unknownPrices = Set(models).sorted()
    }

    private static func caseTokens(_ definition: ExperimentDefinition) -> Int {
        if definition.cases.isEmpty { return 100 }
        return definition.cases.reduce(0) { $0 + $1.inputText.utf8.count } / definition.cases.count / 4
    }

    /// Calls that one answer of each of these models takes together.
    private static func thinking(_ models: [RunModel]) -> Int { models.reduce(0) { $0 + $1.thinking.calls } }

    /// Calls of one role, shared evenly by its models.
    private struct Group {
        let models: [RunModel]
        let calls: Int
        let input: Int
        let output: Int

        func cost(_ prices: (ModelReference) -> Price?, _ answers: (Int) -> Int) -> Money? {
            guard calls > 0 else { return .zero }
            return models.reduce(Money.zero) { sum, model in
                guard let sum, let price = prices(model.reference) else { return nil }
                let share = (calls + models.count - 1) / models.count
                return sum + price.cost(of: TokenUsage(input: share * input, output: share * answers(output)))
            }
        }
    }

    package var sentence: String { "Expected: \(words)." }

    /// With what the other way to compare candidates would take.
    package func sentence(beside other: CostEstimate, as mode: LoopSettings.Mode) -> String {
        "Expected: \(words). With mode: \(mode.rawValue) it would be \(other.words)."
    }

    private var words: String {
        let money = expected.map { "about \($0.shortText)" } ?? "unknown cost, since a price is unknown"
        return "about \(calls) calls, \(money)"
    }
}
