package import EdisonCore
import EdisonSQL

/// A limit in USD on what an account spends in a period, whichever runs and processes spend it.
package struct SharedBudget: Hashable, Sendable {
    package let id: Budget.ID
    package let account: BudgetAccount
    package let period: BudgetPeriod
    package let limit: Money
    package let alarm: BudgetAlarm
    /// In the period, as far as it is known.
    package var spent: Money
    /// What may have been spent: of attempts that nobody knows the outcome of.
    package var unconfirmed: Money
    /// By calls that are under way.
    package let reserved: Money
    /// The first day whose spending is counted.
    package var since: Int
    package let createdAt: Timestamp

    package init(
        id: Budget.ID, account: BudgetAccount, period: BudgetPeriod, limit: Money, alarm: BudgetAlarm, spent: Money,
        unconfirmed: Money, reserved: Money, since: Int, createdAt: Timestamp
    ) {
        self.id = id
        self.account = account
        self.period = period
        self.limit = limit
        self.alarm = alarm
        self.spent = spent
        self.unconfirmed = unconfirmed
        self.reserved = reserved
        self.since = since
        self.createdAt = createdAt
    }

    package var used: Money { spent + unconfirmed }
    /// Without what is reserved, since that may be released.
    package var left: Money { max(.zero, limit - used) }

    /// Such as "the project's budget of $5.00 for 30 days".
    package var words: String {
        let owner =
            switch account.level {
            case .organization: "the organization's"
            case .plan: "the plan's"
            case .project: "the project's"
            case .user: "the person's"
            case .provider: "the credential's"
            }
        return "\(owner) budget of \(limit.shortText) for \(period.words)"
    }
}

extension SharedBudget {
    /// The same at the beginning of a sentence.
    package var raisedWords: String { "\(words.prefix(1).uppercased())\(words.dropFirst())" }

    /// What helps when it is used up.
    package var advice: String {
        account.level == .plan
            ? "It is the organization's plan: whoever runs this server can give it another one."
            : "Whoever administers it can raise it: PATCH /budgets/\(id)"
    }
}

extension SharedBudget {
    init(row: Row) throws {
        let account = try row.string("account")
        guard let account = BudgetAccount(stored: account),
            let period = BudgetPeriod(rawValue: try row.string("period"))
        else { throw EdisonError(.internal, "A budget with an unknown account or period: \(account)") }
        func thresholds(_ column: String) throws -> [Int] {
            (try row.json(column).array ?? []).compactMap { $0.int.map { Int($0) } }
        }
        self.init(
            id: try row.id("id"), account: account, period: period, limit: try row.optionalMoney("limit_nano") ?? .zero,
            alarm: BudgetAlarm(thresholds: try thresholds("thresholds"), told: try thresholds("alerted")),
            spent: try row.money("spent_nano"), unconfirmed: try row.money("unconfirmed_nano"),
            reserved: try row.money("reserved_nano"), since: try row.int("since"),
            createdAt: try row.timestamp("created_at"))
    }
}
