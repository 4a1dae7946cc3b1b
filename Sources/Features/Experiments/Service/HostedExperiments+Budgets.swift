import EdisonCore
import EdisonEvaluation
import EdisonEvents
import EdisonLLM

/// The budgets that experiments of the server share with others.
extension HostedExperiments {
    /// - Throws: `budgetExceeded` where a budget surely cannot pay for the run, `invalid` where one cannot be kept.
    func requireRoom(for found: HostedExperiment, _ document: JSONObject, by actor: Actor) async throws {
        let payer = Payer(
            organization: found.organization, project: found.project, user: actor.user ?? found.payer.user)
        let kind = found.experiment.kind
        var definition = try await definition(of: document, kind: kind, id: found.id, in: found.project)
        let credentials = Set(definition.references.map(\.endpoint.credentialID))
        let budgets = try await calls.sharedBudgets.covering(
            BudgetAccount.covering(payer, credentials: credentials.sorted()))
        guard let first = budgets.first else { return }
        let unpriced = definition.references.first { calls.price(of: $0) == nil }
        if let unpriced {
            throw EdisonError(
                .invalid, "The price of \(unpriced.model) is unknown, so \(first.words) cannot be kept.",
                detail: "Enter the price first: POST /organizations/\(found.organization)/model-prices")
        }
        let limit = definition.stop.maxBudget
        definition.stop.maxIterations = 1
        let estimate = CostEstimate(definition, kind: kind) { calls.price(of: $0) }
        let room = BudgetRoom(
            estimate: estimate.range?.low, limit: limit,
            spent: try await calls.totals(scope: found.id.text).cost ?? .zero, oneCall: leastCall(of: definition),
            stop: found.result?.stoppingBudget)
        let short = room.shortage(among: budgets) { budget in
            if case .credential = budget.account { credentials.count == 1 } else { true }
        }
        guard let (short, need) = short else { return }
        throw EdisonError(
            .budgetExceeded,
            "\(short.raisedWords) has \(short.left.shortText) left, "
                + "and this needs at least \(need.shortText).",
            detail: short.advice,
            underlying: BudgetExhausted(limit: .usd, isBelowOneCall: false, shared: short, needed: need))
    }

    private func leastCall(of definition: ExperimentDefinition) -> Money {
        let models = definition.variants.isEmpty ? definition.models : definition.variants.map(\.model)
        return models.compactMap { calls.leastReserved(by: $0.reference, $0.parameters) }.min() ?? .zero
    }
}
