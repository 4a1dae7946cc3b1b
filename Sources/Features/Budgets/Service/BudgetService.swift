import EdisonCore
package import EdisonEvents
package import EdisonLLM
package import EdisonSQL

/// Makes, changes and shows the budgets that runs share.
package struct BudgetService: Sendable {
    let database: Database
    let budgets: SharedBudgets
    let events: EventLog
    private let store = BudgetStore()
    private let audit = AuditTrail()

    package init(database: Database, calls: ModelCalls, events: EventLog) {
        self.database = database
        budgets = calls.sharedBudgets
        self.events = events
    }

    func create(
        _ wish: BudgetWish, _ period: BudgetPeriod, of owner: BudgetOwner, by actor: Actor
    ) async throws -> TenantBudget {
        try await naming(period) {
            try await database.write { db in
                try requireKnown(owner, db)
                let coverage = SharedBudgets.Coverage(
                    account: owner.account,
                    projects: try owner.project.map { [$0] } ?? store.projects(of: owner.organization, in: db))
                // Its row comes first, so that a threshold that is reached at once is told.
                let made = try budgets.create(coverage, period, limit: wish.limit ?? .zero, in: db)
                try store.insert(
                    .init(budget: made.id.text, owner: owner, name: wish.name ?? "", updatedAt: .now), by: actor.user,
                    in: db)
                try budgets.set(
                    limit: made.limit, thresholds: wish.thresholds ?? BudgetWish.standardThresholds, of: made.id, in: db
                )
                let budget = try find(made.id, db)
                try audit.record(
                    "budget.created", of: ("budget", made.id.text), by: actor, changes: Self.state(budget), db)
                return budget
            }
        }
    }

    func change(
        _ id: Budget.ID, _ wish: BudgetWish, seen: ChangeCondition<TenantBudget>, by actor: Actor
    ) async throws -> TenantBudget {
        try await database.write { db in
            let before = try find(id, locked: true, db)
            try requirePeoples(before)
            try seen.require(before)
            // Never the same as before, however quickly changes follow each other.
            let moment = max(Timestamp.now, Timestamp(microseconds: before.updatedAt.microseconds + 1))
            try store.update(id.text, name: wish.name ?? before.name, updatedAt: moment, in: db)
            try budgets.set(
                limit: wish.limit ?? before.budget.limit, thresholds: wish.thresholds ?? before.budget.alarm.thresholds,
                of: id, in: db)
            let after = try find(id, db)
            try audit.record(
                "budget.changed", of: ("budget", id.text), by: actor,
                changes: ["before": Self.state(before), "after": Self.state(after)], db)
            return after
        }
    }

    func delete(_ id: Budget.ID, by actor: Actor) async throws {
        try await database.write { db in
            let budget = try find(id, locked: true, db)
            try requirePeoples(budget)
            try store.delete(id.text, in: db)
            try budgets.delete(id, in: db)
            try audit.record("budget.deleted", of: ("budget", id.text), by: actor, changes: Self.state(budget), db)
        }
    }

    func budget(_ id: Budget.ID) async throws -> TenantBudget {
        try await database.read { db in try find(id, db) }
    }

    func list(
        of organization: OrganizationID, project: ProjectID?, _ page: PageRequest
    ) async throws -> Listing<TenantBudget> {
        let found = try await database.read { db in
            try standing(store.entries(of: organization, project: project, page, in: db), db)
        }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    /// Of a person, in all organizations.
    func list(of user: UserID) async throws -> [TenantBudget] {
        try await database.read { db in try standing(store.entries(of: user, in: db), db) }
    }

    private func standing(_ entries: [BudgetStore.Entry], _ db: any DatabaseConnection) throws -> [TenantBudget] {
        let found = try budgets.budgets(entries.map { Budget.ID($0.budget) }, in: db)
        let known = Dictionary(found.map { ($0.id.text, $0) }, uniquingKeysWith: { first, _ in first })
        return entries.compactMap { entry in known[entry.budget].map { TenantBudget($0, entry) } }
    }

    func alerts(
        of organization: OrganizationID, project: ProjectID?, _ page: PageRequest
    ) async throws -> Listing<BudgetAlert> {
        let found = try await database.read { db in
            try AlertStore().alerts(of: organization, project: project, page, in: db)
        }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    private func find(_ id: Budget.ID, locked: Bool = false, _ db: any DatabaseConnection) throws -> TenantBudget {
        guard let entry = try store.entry(id.text, locked: locked, in: db), let budget = try budgets.budget(id, in: db)
        else { throw EdisonError(.notFound, "There is no such budget.") }
        return TenantBudget(budget, entry)
    }

    private func requirePeoples(_ budget: TenantBudget) throws {
        guard budget.budget.account.level == .plan else { return }
        throw EdisonError(
            .conflict, "This limit is the organization's plan.",
            detail: "Whoever runs this server can give the organization another one.")
    }

    private func requireKnown(_ owner: BudgetOwner, _ db: any DatabaseConnection) throws {
        if let user = owner.user, try !store.isMember(user, of: owner.organization, in: db) {
            throw EdisonError(
                .invalid, "The request has a fault.",
                issues: [FieldIssue(path: "user_id", message: "names no member of this organization")])
        }
        if let credential = owner.credential, let project = owner.project,
            try !store.hasCredential(credential, of: project, in: db)
        {
            throw EdisonError(
                .invalid, "The request has a fault.",
                issues: [FieldIssue(path: "credential_id", message: "names no credential of this project")])
        }
    }

    private func naming<Value>(_ period: BudgetPeriod, _ work: () async throws -> Value) async throws -> Value {
        do { return try await work() } catch let error as EdisonError where error.brokenRule == .unique {
            throw EdisonError(
                .conflict, "There is a budget for \(period.words) already.", detail: "Change that one.",
                issues: [FieldIssue(path: "period", message: "is taken")], underlying: error)
        }
    }

    /// What people have set.
    private static func state(_ budget: TenantBudget) -> JSONValue {
        let owner = budget.owner
        return [
            "level": .string(budget.budget.account.level.rawValue), "name": .string(budget.name),
            "user_id": JSONValue(owner.user?.text), "credential_id": JSONValue(owner.credential),
            "period": .string(budget.budget.period.rawValue), "limit_usd": budget.budget.limit.json,
            "alert_thresholds": .array(budget.budget.alarm.thresholds.map { .number(Double($0) / 1_000) }),
        ]
    }
}

extension TenantBudget {
    init(_ budget: SharedBudget, _ entry: BudgetStore.Entry) {
        self.init(budget: budget, owner: entry.owner, name: entry.name, updatedAt: entry.updatedAt)
    }
}
