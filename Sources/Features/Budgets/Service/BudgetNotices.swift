package import EdisonCore
package import EdisonEvents
package import EdisonLLM
package import EdisonSQL
import EdisonWeb

/// What happens when a budget reaches a threshold, inside the transaction that reached it: a notice that stays, an
/// entry of the audit log, an event for open pages, and a notification for people elsewhere.
package struct BudgetNotices: Sendable {
    private let events: EventLog
    private let notifications: Notifications
    private let audit = AuditTrail()

    package init(events: EventLog, notifications: Notifications = Notifications()) {
        self.events = events
        self.notifications = notifications
    }

    package static let kind = EventKind("budget:threshold")

    /// Of the budgets of an organization, with those of its projects, members and credentials.
    package static func stream(of organization: OrganizationID) -> EventStream {
        EventStream("organization-budgets", organization)
    }

    package static func stream(of project: ProjectID) -> EventStream { EventStream("project-budgets", project) }

    package func record(_ crossing: BudgetCrossing, _ db: any DatabaseConnection) throws {
        let budget = crossing.budget
        // Nobody hears of a budget that belongs to nobody any more.
        guard let entry = try BudgetStore().entry(budget.id.text, in: db) else { return }
        let owner = entry.owner
        let alert = BudgetAlert(
            id: IDSource.random.next(), budget: budget.id.text, project: owner.project, threshold: crossing.threshold,
            limit: budget.limit, used: budget.used, period: budget.period.rawValue,
            periodStart: BudgetPeriod.moment(of: budget.since), createdAt: crossing.at)
        try AlertStore().insert(alert, of: owner.organization, in: db)
        let told = BudgetAlert.shape.json(alert)
        try audit.record(
            "budget.threshold_reached", of: ("budget", budget.id.text),
            by: Actor(organization: owner.organization, project: owner.project), metadata: told, db)
        var payload: JSONObject = ["level": .string(budget.account.level.rawValue), "name": .string(entry.name)]
        for (key, value) in told.object?.members ?? [] { payload[key] = value }
        let event = JSONValue.object(payload)
        try events.record(Self.kind, event, in: Self.stream(of: owner.organization), db)
        if let project = owner.project { try events.record(Self.kind, event, in: Self.stream(of: project), db) }
        let place = try BudgetStore().placeName(owner, in: db)
        try notifications.send(Notification(crossing, name: entry.name, place: place, of: owner, event), db)
    }
}
