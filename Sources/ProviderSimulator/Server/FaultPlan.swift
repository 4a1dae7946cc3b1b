/// Which requests fail, and how.
///
/// A share is drawn from the seed, the request's bytes and how often they have come, never from the order of arrival:
/// the same run meets the same faults at any concurrency, and a repeated request gets a new chance.
package struct FaultPlan: Sendable {
    package struct Rule: Sendable {
        package var fault: Fault
        /// Of the requests that the rule is for, 0 to 1.
        package var share: Double
        /// Every n-th request, by arrival; 0 for none.
        package var every: Int
        /// These requests, by arrival, from 1.
        package var at: [Int]
        /// From this request on, by arrival; 0 for none. Every one then, unless a share, `every` or `at` chooses.
        package var from: Int
        /// For how long from the arrival of that request; nil for ever.
        package var lasting: Duration?
        /// Seconds in the header `Retry-After`.
        package var retryAfter: Double
        /// How long a time-out, a slow answer or each pause of a slow stream lasts.
        package var duration: Duration
        /// Only requests for this model, where given.
        package var model: String?
        /// Only requests of this purpose or schema, where given.
        package var purpose: String?

        package init(
            _ fault: Fault, share: Double = 0, every: Int = 0, at: [Int] = [], from: Int = 0,
            lasting: Duration? = nil, retryAfter: Double = 1, duration: Duration? = nil, model: String? = nil,
            purpose: String? = nil
        ) {
            self.fault = fault
            self.share = share
            self.every = every
            self.at = at
            self.from = from
            self.lasting = lasting
            self.retryAfter = retryAfter
            self.duration = duration ?? fault.usualDuration
            self.model = model
            self.purpose = purpose
        }

        fileprivate var choosesAll: Bool { from > 0 && share == 0 && every == 0 && at.isEmpty }
    }

    package var seed: UInt64
    package var rules: [Rule]
    /// When the request arrived from which on a rule holds, by the rule's place.
    private var openings: [Int: ContinuousClock.Instant] = [:]

    package init(seed: UInt64 = 1, rules: [Rule] = []) {
        self.seed = seed
        self.rules = rules
    }

    /// The first rule that strikes.
    ///
    /// - Parameters:
    ///   - number: of the request by arrival, from 1.
    ///   - occurrence: how often the same bytes have come, from 1.
    mutating func rule(
        number: Int, body: String, occurrence: Int, model: String, purpose: String, schema: String?,
        now: ContinuousClock.Instant = .now
    ) -> Rule? {
        for (index, rule) in rules.enumerated() where rule.from > 0 && number >= rule.from {
            openings[index] = openings[index] ?? now
        }
        return rules.enumerated().first { index, rule in
            if let wanted = rule.model, wanted != model { return false }
            if let wanted = rule.purpose, wanted != purpose, wanted != schema { return false }
            if rule.from > 0 {
                guard number >= rule.from, let opening = openings[index] else { return false }
                if let lasting = rule.lasting, opening.duration(to: now) >= lasting { return false }
            }
            if rule.choosesAll || rule.at.contains(number) { return true }
            if rule.every > 0, number.isMultiple(of: rule.every) { return true }
            return rule.share > 0 && Draw(seed, "fault", String(index), body, String(occurrence)).uniform() < rule.share
        }?.element
    }
}
