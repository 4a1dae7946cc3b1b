import EdisonCore
import EdisonEvents
import EdisonLLM
import EdisonSQL
import EdisonSchema
import EdisonTestKit
import Testing

@testable import EdisonBudgets

@Suite("What is told of budgets")
struct BudgetNoticesTests {
    private static let organization = OrganizationID(LocalTenant.organization)
    private static let project = ProjectID(LocalTenant.project)
    private static let actor = Actor(organization: organization, project: project, request: "test")

    private static func service(_ database: Database) -> (BudgetService, EventLog) {
        let events = EventLog(database: database)
        let notices = BudgetNotices(events: events)
        let calls = ModelCalls(
            database: database, providers: [], onCrossing: { try notices.record($0, $1) })
        return (BudgetService(database: database, calls: calls, events: events), events)
    }

    @Test(
        "a threshold leaves a notice, an entry of the audit log and an event for project and organization",
        arguments: TestDatabase.allCases)
    func told(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await TestDatabase.migrate(database)
            let (service, events) = Self.service(database)
            let owner = BudgetOwner(organization: Self.organization, project: Self.project)
            // Of nothing all is used from the beginning.
            let budget = try await service.create(
                BudgetWish(name: "None", limit: .zero, thresholds: [500, 1_000]), .month, of: owner, by: Self.actor)
            #expect(budget.budget.alarm.told == [500, 1_000])
            let alerts = try await service.alerts(of: Self.organization, project: Self.project, PageRequest()).items
            #expect(Set(alerts.map(\.threshold)) == [500, 1_000])
            #expect(alerts.allSatisfy { $0.budget == budget.id.text && $0.period == "month" })
            for stream in [BudgetNotices.stream(of: Self.organization), BudgetNotices.stream(of: Self.project)] {
                let told = try await events.events(in: stream, after: 0)
                #expect(told.map { $0.payload["threshold"]?.double } == [0.5, 1])
                #expect(told.allSatisfy { $0.kind == BudgetNotices.kind && $0.payload["name"] == "None" })
            }
            let entries = try await database.read { db in
                try db.fetch("SELECT * FROM audit_entry WHERE action = 'budget.threshold_reached'")
            }
            #expect(entries.count == 2)
            #expect(try entries.allSatisfy { try $0.string("entity_id") == budget.id.text })

            // Other projects hear nothing, and what was told stays when the budget goes.
            let other = try await service.alerts(of: Self.organization, project: ProjectID("other"), PageRequest())
            #expect(other.items.isEmpty)
            try await service.delete(budget.id, by: Self.actor)
            #expect(
                try await service.alerts(of: Self.organization, project: nil, PageRequest()).items.count == 2)
        }
    }

    @Test("lists are read page by page, newest first, and stand as they are now", arguments: TestDatabase.allCases)
    func pages(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await TestDatabase.migrate(database)
            let (service, _) = Self.service(database)
            let owner = BudgetOwner(organization: Self.organization, project: Self.project)
            var made: [Budget.ID] = []
            for period in BudgetPeriod.allCases {
                let wish = BudgetWish(limit: Money(dollars: 1))
                made.append(try await service.create(wish, period, of: owner, by: Self.actor).id)
            }
            var seen: [Budget.ID] = []
            var after: Cursor?
            repeat {
                let page = try await service.list(
                    of: Self.organization, project: nil, PageRequest(limit: 3, after: after))
                seen += page.items.map(\.id)
                after = page.next
            } while after != nil
            #expect(seen == made.sorted(by: >))
        }
    }

    @Test("a change that was made for an older state is refused, and what is spent is no other state")
    func stale() async throws {
        try await TestDatabase.sqlite.empty { database in
            try await TestDatabase.migrate(database)
            let (service, _) = Self.service(database)
            let owner = BudgetOwner(organization: Self.organization)
            let first = try await service.create(
                BudgetWish(limit: Money(dollars: 1)), .month, of: owner, by: Self.actor)
            try await database.write { db in
                try db.execute("UPDATE budget SET spent_nano = 5 WHERE id = \(first.id)")
            }
            let spent = try await service.budget(first.id)
            #expect(spent.tag != first.tag)
            let seen = ChangeCondition<TenantBudget> { now in
                if now.stateTag != first.stateTag { throw EdisonError(.conflict, "It has changed.") }
            }
            _ = try await service.change(first.id, BudgetWish(name: "x"), seen: seen, by: Self.actor)
            let error = await #expect(throws: EdisonError.self) {
                try await service.change(first.id, BudgetWish(name: "y"), seen: seen, by: Self.actor)
            }
            #expect(error?.code == .conflict)
        }
    }
}
