import EdisonCore
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts

/// A way out when edits lead nowhere any more: a prompt written anew from goal and rubric alone, without the evidence
/// that led into the dead end. It races against the incumbent like any candidate.
struct RestartStep: Sendable {
    let context: RunContext
    let iteration: Int

    /// nil when the model writes nothing that fits: a restart that fails stops nothing.
    func plan(parent: PromptContent) async throws -> ChildPlan? {
        guard let model = context.definition.refiner else { return nil }
        let drafting = Drafting(
            calls: context.calls.models, model: model, scope: context.run.scope, budgets: context.run.budgets,
            occasion: ["restart", String(iteration)], seed: context.definition.seed)
        let variables = try PromptRenderer.variables(parent)
        let texts = try await context.evaluator.gate.pass {
            do {
                return try await drafting.prompts(
                    goal: context.definition.goal, rubric: context.definition.rubric, fields: variables, count: 1)
            } catch let error as EdisonError where error.code == .upstream {
                try await context.calls.models.letFailuresStand(scope: context.run.scope, purpose: .draft)
                return []
            }
        }
        guard let text = texts.first else { return nil }
        var content = parent
        content.text = text
        let isUsable =
            content != parent && text.count <= context.guardian.maxLength
            && Set((try? PromptRenderer.variables(content)) ?? []) == Set(variables)
        return isUsable
            ? ChildPlan(edits: [], content: content, note: "A new start from goal and rubric alone", targetCriteria: [])
            : nil
    }
}
