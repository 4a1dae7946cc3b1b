package import EdisonCore

/// What a scope has used of its limits, and each call that used it: what further calls will take is told from those
/// before.
package struct Spending: Sendable {
    /// The limits as they stand.
    package var budget: Budget
    /// As the limits count it: what nobody knows the cost of is in it.
    package var cost: Money
    package var tokens: Int
    package var requests: Int
    /// Calls that ended, the oldest first.
    package var calls: [Call]

    package init(budget: Budget, cost: Money = .zero, tokens: Int = 0, requests: Int = 0, calls: [Call] = []) {
        self.budget = budget
        self.cost = cost
        self.tokens = tokens
        self.requests = requests
        self.calls = calls
    }

    /// One call that ended.
    package struct Call: Sendable {
        package var purpose: CallPurpose
        /// The model configuration's name within the scope.
        package var model: String
        /// 0: answered from the cache.
        package var requests: Int
        package var cost: Money
        package var tokens: Int
        package var latency: Duration
        package var began: Timestamp
        /// The most that one of its requests reserved.
        package var reservedCost: Money
        package var reservedTokens: Int

        package init(
            _ purpose: CallPurpose, model: String, requests: Int = 1, cost: Money = .zero, tokens: Int = 0,
            latency: Duration = .zero, began: Timestamp = Timestamp(microseconds: 0), reservedCost: Money = .zero,
            reservedTokens: Int = 0
        ) {
            self.purpose = purpose
            self.model = model
            self.requests = requests
            self.cost = cost
            self.tokens = tokens
            self.latency = latency
            self.began = began
            self.reservedCost = reservedCost
            self.reservedTokens = reservedTokens
        }
    }
}
