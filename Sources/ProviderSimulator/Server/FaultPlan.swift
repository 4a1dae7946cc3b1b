package import EdisonCore

/// A way in which a provider fails.
package enum Fault: String, Sendable, CaseIterable {
    case rateLimited = "rate_limited"
    case serverError = "server_error"
    case unavailable
    case overloaded
    /// No answer at all for some time, then 504.
    case timeOut = "time_out"
    /// A pause before each frame.
    case slowStream = "slow_stream"
    /// The connection ends in the middle of the answer.
    case cutStream = "cut_stream"
    /// A structured answer that is not JSON.
    case malformedAnswer = "malformed_json"
    /// A response whose body is not JSON.
    case malformedBody = "malformed_body"
    case emptyAnswer = "empty_answer"
    case refusedKey = "refused_key"
}

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
        /// Seconds in the header `Retry-After`.
        package var retryAfter: Double
        /// How long a time-out or the pauses of a slow stream last.
        package var duration: Duration
        /// Only requests for this model, where given.
        package var model: String?
        /// Only requests of this purpose or schema, where given.
        package var purpose: String?

        package init(
            _ fault: Fault, share: Double = 0, every: Int = 0, at: [Int] = [], retryAfter: Double = 1,
            duration: Duration? = nil, model: String? = nil, purpose: String? = nil
        ) {
            self.fault = fault
            self.share = share
            self.every = every
            self.at = at
            self.retryAfter = retryAfter
            self.duration = duration ?? (fault == .timeOut ? .seconds(60) : .milliseconds(200))
            self.model = model
            self.purpose = purpose
        }
    }

    package var seed: UInt64
    package var rules: [Rule]

    package init(seed: UInt64 = 1, rules: [Rule] = []) {
        self.seed = seed
        self.rules = rules
    }

    /// The first rule that strikes.
    ///
    /// - Parameters:
    ///   - number: of the request by arrival, from 1.
    ///   - occurrence: how often the same bytes have come, from 1.
    func rule(number: Int, body: String, occurrence: Int, model: String, purpose: String, schema: String?) -> Rule? {
        rules.enumerated().first { index, rule in
            if let wanted = rule.model, wanted != model { return false }
            if let wanted = rule.purpose, wanted != purpose, wanted != schema { return false }
            if rule.at.contains(number) { return true }
            if rule.every > 0, number.isMultiple(of: rule.every) { return true }
            return rule.share > 0 && Draw(seed, "fault", String(index), body, String(occurrence)).uniform() < rule.share
        }?.element
    }
}

extension FaultPlan {
    /// Reads `{"seed": 1, "rules": [{"fault": "rate_limited", "share": 0.1, "every": 5, "at": [3], "retry_after": 1,
    /// "seconds": 2, "model": "…", "purpose": "…"}]}`.
    package init(json: JSONValue) throws(EdisonError) {
        var rules: [Rule] = []
        for (index, item) in (json["rules"]?.array ?? []).enumerated() {
            let name = item["fault"]?.string ?? ""
            guard let fault = Fault(rawValue: name) else {
                let known = Fault.allCases.map(\.rawValue).joined(separator: ", ")
                throw EdisonError(
                    .invalid, "There is no fault \"\(name)\".",
                    issues: [FieldIssue(path: "rules[\(index)].fault", message: "must be one of \(known)")])
            }
            rules.append(
                Rule(
                    fault, share: item["share"]?.double ?? 0, every: item["every"]?.int ?? 0,
                    at: item["at"]?.array?.compactMap(\.int) ?? [], retryAfter: item["retry_after"]?.double ?? 1,
                    duration: item["seconds"]?.double.map { .milliseconds(Int64(max(0, min($0, 86_400)) * 1_000)) },
                    model: item["model"]?.string, purpose: item["purpose"]?.string))
        }
        self.init(seed: UInt64(clamping: json["seed"]?.int ?? 1), rules: rules)
    }
}
