import EdisonCore
import EdisonEvaluation
package import EdisonLLM

/// Asks one model for what it is to write: keyed, seeded and counted by the scope that the writing belongs to.
struct DraftingCalls: Sendable {
    let calls: StructuredCalls
    let model: RunModel
    let scope: String
    let budgets: [Budget.ID]
    /// Tells several draftings of one scope apart.
    let occasion: [String]
    let seed: UInt64

    /// nil when the answer could not be used, even after a second request; throws when there was none.
    func ask(_ request: StructuredRequest, purpose: CallPurpose, parts: [String]) async throws -> JSONValue? {
        let outcome = try await calls.ask(
            request,
            in: StructuredCalls.Context(
                key: CallKey(scope: scope, purpose: purpose, parts: occasion + parts), reference: model.reference,
                parameters: model.parameters,
                seed: { [seed, occasion] in
                    DerivedSeed(seed, [purpose.name] + occasion + parts + [String($0)]).providerSeed
                }, budgets: budgets, caching: .off
            ))
        if outcome.answer == nil, let failure = outcome.results.last?.failure {
            throw EdisonError(.upstream, "The model gave no answer: \(failure).")
        }
        return outcome.answer
    }

    func failure(_ what: String) -> EdisonError {
        EdisonError(
            .upstream, "The model \"\(model.reference.model)\" wrote no usable \(what).",
            detail: "Try again, take a larger model, or write the \(what) yourself.")
    }
}

extension CallPurpose {
    package static let draft = CallPurpose("draft")
}
