package import EdisonCore

/// One call as a feature asks for it.
package struct ModelCall: Sendable {
    package let key: CallKey
    package let reference: ModelReference
    package var request: ModelRequest
    /// Every budget that covers the call.
    package let budgets: [Budget.ID]
    package let caching: CachePolicy
    /// Whose call it is: cached answers are not shared between tenants. Empty where there is only one.
    package let tenant: String
    /// Counts equal requests that are to be answered anew each: the cache keeps them apart.
    package let sample: Int
    /// What the call is about (version, case, …), kept with its record.
    package let tags: JSONObject
    /// Comes from the path that the call is made by, so that nobody who asks can leave it out.
    var payer: Payer?

    package init(
        key: CallKey, reference: ModelReference, request: ModelRequest, budgets: [Budget.ID],
        caching: CachePolicy = .off, tenant: String = "", sample: Int = 0, tags: JSONObject = [:]
    ) {
        self.key = key
        self.reference = reference
        self.request = request
        self.budgets = budgets
        self.caching = caching
        self.tenant = tenant
        self.sample = sample
        self.tags = tags
    }
}

/// A model at a place, with its price, and who answers when it cannot.
package struct ModelReference: Hashable, Sendable {
    package var endpoint: Endpoint
    package var model: String
    /// Stands above the price table.
    package var price: Price?
    package var alternatives: [ModelReference]

    package init(endpoint: Endpoint, model: String, price: Price? = nil, alternatives: [ModelReference] = []) {
        self.endpoint = endpoint
        self.model = model
        self.price = price
        self.alternatives = alternatives
    }
}

/// Whether a call may be answered from the response cache, so that the same question is not paid for twice.
package enum CachePolicy: Sendable { case on, off }

/// What came of a call. A provider's failure is a result, since it is recorded and counted like an answer.
package struct CallResult: Sendable {
    package var response: ModelResponse?
    package var failure: ProviderFailure?
    package var usage: TokenUsage?
    /// Of all settled attempts together; nil = unknown. What lost attempts may have cost is told apart.
    package var cost: Money?
    /// Served from the response cache, at cost 0.
    package var cached = false
    /// Brought by the same call made before or at the same time: no request was made.
    package var replayed = false
    package var latency: Duration = .zero
    package var attempts = 0

    package init(
        response: ModelResponse? = nil, failure: ProviderFailure? = nil, usage: TokenUsage? = nil, cost: Money? = nil,
        cached: Bool = false, replayed: Bool = false, latency: Duration = .zero, attempts: Int = 0
    ) {
        self.response = response
        self.failure = failure
        self.usage = usage
        self.cost = cost
        self.cached = cached
        self.replayed = replayed
        self.latency = latency
        self.attempts = attempts
    }
}
