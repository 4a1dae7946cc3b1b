import EdisonCore
import EdisonLLM

/// Finds out whether a provider answers, by real requests: its list of models, and the smallest possible call.
struct CredentialProbe: Sendable {
    /// A person waits for the answer.
    private static let patience = 30.0

    private let providers: [ProviderKind: any ModelProvider]
    private let calls: ModelCalls
    private let now: @Sendable () -> Timestamp

    init(transport: HTTPTransport, calls: ModelCalls, now: @escaping @Sendable () -> Timestamp) {
        providers = Dictionary(
            ProviderCatalog.providers(transport).map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.calls = calls
        self.now = now
    }

    /// - Parameters:
    ///   - model: nil = the list of models is proof enough.
    ///   - bill: nil = the key is stored nowhere, and so it is nobody's here.
    func validation(
        of endpoint: Endpoint, model: String?, parameters: ModelParameters, _ bill: TrialBill?
    ) async throws -> CredentialValidation {
        let began = ContinuousClock.now
        var result = CredentialValidation(
            ok: true, proof: .listing, latencyMilliseconds: 0, models: nil, error: nil, checkedAt: now())
        do { result.models = try await models(at: endpoint).map(\.name) } catch let failure as ProviderFailure {
            // A key may lack the right to list, and a server the list.
            let mayCall =
                [.notAllowed, .unknownModel, .badRequest].contains(failure.kind) && failure.status != nil
                || failure.code == ProviderFailure.noListing
            if model == nil || !mayCall { (result.ok, result.error) = (false, .init(failure)) }
        }
        result.latencyMilliseconds = Int(began.duration(to: .now) / .milliseconds(1))
        guard let model, result.ok else { return result }
        return try await called(endpoint, model, parameters, result, bill)
    }

    func models(at endpoint: Endpoint) async throws -> [ModelListing] {
        guard let provider = providers[endpoint.kind] else {
            throw EdisonError(.invalid, "There is no provider of kind \"\(endpoint.kind)\".")
        }
        return try await provider.models(at: endpoint)
    }

    private func called(
        _ endpoint: Endpoint, _ model: String, _ parameters: ModelParameters, _ listed: CredentialValidation,
        _ bill: TrialBill?
    ) async throws -> CredentialValidation {
        var (endpoint, parameters, result) = (endpoint, parameters, listed)
        endpoint.settings["timeout"] = .number(Self.patience)
        parameters.maxTokens = min(parameters.maxTokens ?? 16, 16)
        let request = ModelRequest(
            model: model, messages: [.user("Answer with the word OK.")], parameters: parameters)
        let call = ModelCall(
            key: CallKey(
                scope: "credential/\(endpoint.credentialID)", purpose: .validate,
                parts: [IDSource.random.next(CallKey.self).text]),
            reference: ModelReference(endpoint: endpoint, model: model, price: bill?.price), request: request,
            budgets: [])
        let outcome = try await calls.charged(to: bill?.payer).trial(seconds: Self.patience).perform(call)
        result.proof = .call
        result.ok = outcome.failure == nil
        result.error = outcome.failure.map { .init($0) }
        result.latencyMilliseconds = Int(outcome.latency / .milliseconds(1))
        result.droppedParameters = ParameterSupport.dropped(request, by: endpoint.kind)
        return result
    }
}

/// Who pays for a trial, and by which price where the organisation has entered one.
struct TrialBill: Sendable {
    let payer: Payer
    let price: Price?
}

extension CredentialValidation.Fault {
    init(_ failure: ProviderFailure) {
        self.init(kind: failure.kind.rawValue, message: failure.message, status: failure.status)
    }
}
