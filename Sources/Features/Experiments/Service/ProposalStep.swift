import EdisonCore
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts

/// Asks the refiner for several proposals in parallel.
struct ProposalStep: Sendable {
    let context: RunContext
    let iteration: Int

    struct Result: Sendable {
        let proposals: [Proposal]
        /// Why the others were refused, in the order of the proposals.
        let refused: [String]
        /// Not one could be read, though the model answered.
        let isUnusable: Bool
    }

    /// - Parameter round: counts the requests for changes within the iteration, from 0.
    func propose(_ evidence: RefinerEvidence, parent: LoopVersion, round: Int) async throws -> Result {
        guard let refiner = context.definition.refiner else {
            throw EdisonError(.invalid, "Refining needs a refiner model.", detail: "Add `refiner:` to the file.")
        }
        let contract = RefinementContract(
            goal: context.definition.goal, rubric: context.definition.rubric, guardian: context.guardian,
            parent: parent.version.content)
        let request = try contract.request(evidence)
        let outcomes = try await withThrowingTaskGroup(of: (Int, StructuredCalls.Outcome).self) { group in
            for index in 0..<max(1, context.settings.proposals) {
                group.addTask { (index, try await ask(request, refiner, index: index, round: round)) }
            }
            var outcomes: [Int: StructuredCalls.Outcome] = [:]
            for try await (index, outcome) in group { outcomes[index] = outcome }
            return outcomes
        }
        try requireAnswer(outcomes)
        if outcomes.values.contains(where: { $0.results.last?.failure != nil }) {
            try await context.calls.models.letFailuresStand(scope: context.run.scope, purpose: .refine)
        }
        return read(outcomes, contract)
    }

    /// An edit that breaks a rule is an answer all the same.
    private func isUnreadable(_ outcome: StructuredCalls.Outcome) -> Bool {
        outcome.answer == nil
            && outcome.results.allSatisfy { $0.response.flatMap { StructuredAnswer.json(in: $0.text) } == nil }
    }

    /// Without a refiner the loop would turn idly and end with a verdict that nobody has worked for.
    private func requireAnswer(_ outcomes: [Int: StructuredCalls.Outcome]) throws {
        let failures = outcomes.sorted { $0.key < $1.key }.compactMap { $0.value.results.last?.failure }
        guard failures.count == outcomes.count, let first = failures.first else { return }
        throw EdisonError(
            .upstream, "The refiner gave no answer: \(first)",
            detail: "What is done is kept; mend it and go on with: edison resume",
            underlying: first)
    }

    private func ask(
        _ request: StructuredRequest, _ refiner: RunModel, index: Int, round: Int
    ) async throws -> StructuredCalls.Outcome {
        let seed = DerivedSeed(
            context.definition.seed, "refine", String(iteration), String(index), String(round))
        return try await context.evaluator.gate.pass {
            try await context.calls.ask(
                request, run: context.run, model: refiner, temperature: 1, purpose: .refine,
                parts: [String(iteration), String(index), String(round)], seed: seed,
                combine: { RefinementContract.agreed($0) })
        }
    }

    private func read(_ outcomes: [Int: StructuredCalls.Outcome], _ contract: RefinementContract) -> Result {
        var proposals: [Proposal] = []
        var refused: [String] = []
        for (index, outcome) in outcomes.sorted(by: { $0.key < $1.key }) {
            guard let answer = outcome.answer else {
                refused.append("proposal \(index + 1): \(outcome.failure ?? "no answer")")
                continue
            }
            do {
                let proposal = try Proposal(answer: answer, parent: contract.parent, guardian: contract.guardian)
                if proposal.isNoChange {
                    refused.append("proposal \(index + 1): sees no reason for a change")
                } else {
                    proposals.append(proposal)
                }
            } catch {
                refused.append("proposal \(index + 1): \(error)")
            }
        }
        return Result(
            proposals: proposals, refused: refused,
            isUnusable: !outcomes.isEmpty && outcomes.values.allSatisfy(isUnreadable))
    }
}
