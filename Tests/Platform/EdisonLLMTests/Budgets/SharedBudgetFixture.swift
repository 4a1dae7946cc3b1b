import EdisonCore
import EdisonSQL
import Synchronization

@testable import EdisonLLM

/// A payer, a clock that a test sets, and what was told of thresholds.
final class SharedBudgetFixture: Sendable {
    static let organization = OrganizationID("o")
    static let project = ProjectID("p")
    static let user = UserID("u")
    static let payer = Payer(organization: organization, project: project, user: user)
    /// What a call of the fixture's model costs.
    static let cost = Money(nanodollars: 10 * 3_000 + 5 * 15_000)

    private let moment: Mutex<Timestamp>
    private let crossings = Mutex<[BudgetCrossing]>([])
    let fixture: PipelineFixture

    init(_ fixture: PipelineFixture, at text: String = "2026-03-15T12:00:00Z") {
        self.fixture = fixture
        moment = Mutex(Timestamp(rfc3339: text) ?? .now)
    }

    func calls(process: Int = 0, payer: Payer? = SharedBudgetFixture.payer) -> ModelCalls {
        var calls = fixture.calls(process: process).charged(to: payer)
        calls.ledger.now = { [self] in moment.withLock { $0 } }
        calls.ledger.onCrossing = { [self] crossing, _ in crossings.withLock { $0.append(crossing) } }
        return calls
    }

    func set(_ text: String) { moment.withLock { $0 = Timestamp(rfc3339: text) ?? $0 } }

    /// The thresholds told so far, in their order.
    var told: [Int] { crossings.withLock { $0.map(\.threshold) } }

    func budget(
        _ account: BudgetAccount = .project(SharedBudgetFixture.project), _ period: BudgetPeriod = .total, limit: Money,
        thresholds: [Int] = []
    ) async throws -> SharedBudget {
        let budgets = calls().sharedBudgets
        return try await fixture.database.write { db in
            let made = try budgets.create(
                .init(account: account, projects: [Self.project]), period, limit: limit, in: db)
            return try budgets.set(limit: limit, thresholds: thresholds, of: made.id, in: db)
        }
    }

    func set(limit: Money, thresholds: [Int] = [], of id: Budget.ID) async throws {
        let budgets = calls().sharedBudgets
        _ = try await fixture.database.write { db in
            try budgets.set(limit: limit, thresholds: thresholds, of: id, in: db)
        }
    }

    func state(_ id: Budget.ID) async throws -> SharedBudget {
        let budgets = calls().sharedBudgets
        let found = try await fixture.database.read { db in try budgets.budget(id, in: db) }
        guard let found else { throw EdisonError(.notFound, "no budget") }
        return found
    }

    @discardableResult
    func perform(_ name: String, _ calls: ModelCalls? = nil, credential: String = "c1") async throws -> CallResult {
        try await (calls ?? self.calls()).perform(
            fixture.call(name, to: fixture.reference(credential: credential)))
    }
}
