import EdisonCore
import EdisonEvaluation
package import EdisonLLM

/// The limit of a run that names none in USD: $2.00, or 2,000 calls where a price is unknown. A budget in USD needs
/// prices.
package struct LimitPolicy: Sendable {
    private let price: @Sendable (ModelReference) -> Price?

    package init(prices calls: ModelCalls) { price = { calls.price(of: $0) } }

    package func apply(to definition: inout ExperimentDefinition) throws {
        let unknown = unpriced(definition)
        if !unknown.isEmpty, definition.stop.maxBudget != nil {
            throw EdisonError(
                .invalid,
                "The price of \(unknown.joined(separator: ", ")) is unknown, so a budget in USD cannot be kept.",
                detail: "Add to the model: price: { input: 0.15, output: 0.60 }   (USD per million tokens), "
                    + "or limit the calls instead: stop: { max_calls: 2000 }")
        }
        if unknown.isEmpty {
            definition.stop.maxBudget = definition.stop.maxBudget ?? Money(nanodollars: 2_000_000_000)
        } else {
            definition.stop.maxCalls = definition.stop.maxCalls ?? 2_000
        }
    }

    private func unpriced(_ definition: ExperimentDefinition) -> [String] {
        var names: [String] = []
        // An alternative without a price would be passed over under a budget in USD.
        for reference in definition.references
        where price(reference) == nil && !names.contains(reference.model) {
            names.append(reference.model)
        }
        return names
    }
}

extension StopRules {
    package var hasOwnBudget: Bool { maxBudget != nil }
}
