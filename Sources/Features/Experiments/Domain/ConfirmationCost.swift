import EdisonCore
package import EdisonLLM

/// What the test at the end will take of each limit, told part by part: judges and models differ in price, length and
/// the number of calls that one answer takes, and a mean over all of them would be wrong for each.
package struct ConfirmationCost: Sendable {
    /// Answers of one model, judgments of one judge, or scans.
    package struct Part: Sendable {
        package var purpose: CallPurpose
        package var model: String
        /// How many are missing.
        package var missing: Int
        /// How many there are so far.
        package var made: Int
        /// Calls that one takes by itself.
        package var callsEach: Int
        /// Of output tokens, for a part that was never asked for.
        package var price: Price?

        package init(
            _ purpose: CallPurpose, model: String, missing: Int, made: Int, callsEach: Int = 1, price: Price? = nil
        ) {
            self.purpose = purpose
            self.model = model
            self.missing = missing
            self.made = made
            self.callsEach = callsEach
            self.price = price
        }
    }

    let parts: [Part]
    let calls: [Spending.Call]
    /// Calls under way at once.
    let concurrency: Int

    /// - Parameter calls: all of the run.
    package init(parts: [Part], calls: [Spending.Call], concurrency: Int) {
        self.parts = parts.filter { $0.missing > 0 }
        self.calls = calls
        self.concurrency = max(1, concurrency)
    }

    /// By limit.
    package var ranges: [StopReason: CostRange] {
        guard !parts.isEmpty else { return [:] }
        var sums: [StopReason: CostRange] = [:]
        for part in parts {
            for (limit, range) in ranges(of: part) { sums[limit] = (sums[limit] ?? .none) + range }
        }
        // A call begins only if all that it may take at most is left: so much of the rest is never used.
        let asked = calls.filter { call in
            call.requests > 0 && parts.contains { $0.purpose == call.purpose && $0.model == call.model }
        }
        sums[.budget] = (sums[.budget] ?? .none) + Self.margin(asked) { ($0.reservedCost - $0.cost).dollars }
        sums[.tokens] = (sums[.tokens] ?? .none) + Self.margin(asked) { Double($0.reservedTokens - $0.tokens) }
        return sums
    }

    private func ranges(of part: Part) -> [StopReason: CostRange] {
        let known = calls.filter { $0.purpose == part.purpose && $0.model == part.model }
        // Samples, turns and corrective attempts are calls of one answer.
        let each = part.made > 0 && !known.isEmpty ? Double(known.count) / Double(part.made) : Double(part.callsEach)
        let count = Double(part.missing) * each
        // Of a run that was killed, calls of answers that are not whole yet are paid for already.
        let begun = max(0, known.count - part.made * part.callsEach)
        let fewest = Double(max(0, part.missing * part.callsEach - begun))
        guard !known.isEmpty else { return unknown(part, count: count) }
        // What the cache has answered so far it may answer again; for certain only where it answered everything.
        let paid = known.filter { $0.requests > 0 }
        let dear = paid.isEmpty ? known : paid
        func range(_ value: (Spending.Call) -> Double) -> CostRange {
            CostRange(
                least: fewest == 0 ? 0 : CostRange(of: min(fewest, count), like: known.map(value)).least,
                most: CostRange(of: count, like: dear.map(value)).most)
        }
        let seconds = range { $0.latency.milliseconds / 1000 }
        let slowest = known.map { $0.latency.milliseconds / 1000 }.max() ?? 0
        return [
            .budget: range { $0.cost.dollars }, .tokens: range { Double($0.tokens) },
            .calls: range { Double($0.requests) },
            .time: CostRange(
                least: seconds.least / Double(concurrency),
                // The last answer is followed by its judgment, with nothing beside it.
                most: seconds.most / Double(concurrency) + slowest * each),
        ]
    }

    /// A part that was never asked for takes what a request reserves.
    private func unknown(_ part: Part, count: Double) -> [StopReason: CostRange] {
        let tokens = calls.map(\.reservedTokens).max() ?? 0
        let cost = part.price.map { price in
            max(
                price.cost(of: TokenUsage(input: tokens, output: 0)),
                price.cost(of: TokenUsage(input: 0, output: tokens)))
        }
        let slowest = calls.map { $0.latency.milliseconds / 1000 }.max() ?? 0
        return [
            .budget: CostRange(least: 0, most: count * (cost?.dollars ?? 0)),
            .tokens: CostRange(least: 0, most: count * Double(tokens)), .calls: CostRange(least: 0, most: count),
            .time: CostRange(least: 0, most: count * slowest / Double(concurrency)),
        ]
    }

    private static func margin(_ calls: [Spending.Call], _ value: (Spending.Call) -> Double) -> CostRange {
        let values = calls.map { max(0, value($0)) }
        return CostRange(least: values.min() ?? 0, most: values.max() ?? 0)
    }
}
