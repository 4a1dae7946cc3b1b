import EdisonCore
import EdisonLLM
import EdisonWeb
import HTTPTypes

/// The addresses of the budgets that runs share.
struct BudgetAPI: Sendable {
    let budgets: BudgetService

    private static let group = "Budgets"
    private static let position = QueryParameter(
        "last_event_id", .integer(0...Int.max), "As the header Last-Event-ID.")

    private static let owner = EntityOwner("budget") { id, db in
        try BudgetStore().entry(id, in: db).map { entry in
            entry.owner.project.map { .project($0) } ?? .organization(entry.owner.organization)
        }
    }

    var endpoints: [EdisonWeb.Endpoint] { ofProject + ofOrganization + single }

    private var ofProject: [EdisonWeb.Endpoint] {
        [
            .get(
                "/projects/{project}/budgets", "Lists the budgets of a project and of its credentials.",
                in: Self.group, .project(.readBudgets), query: QueryParameter.page, .page(of: TenantBudget.shape)
            ) { try await budgets.list(of: $0.requireOrganization(), project: $0.requireProject(), $0.page()) },
            .json(
                .post, "/projects/{project}/budgets",
                "Sets a limit on what a project or one of its credentials spends.",
                in: Self.group, .project(.writeBudgets), takes: NewProjectBudget.self,
                .tagged(TenantBudget.shape, \.tag, .created)
            ) { request, body in
                let owner = BudgetOwner(
                    organization: try request.requireOrganization(), project: try request.requireProject(),
                    credential: body.credential)
                return try await budgets.create(body.wish, body.period, of: owner, by: request.actor)
            },
            .get(
                "/projects/{project}/budget-alerts", "Lists the thresholds that these budgets reached, newest first.",
                in: Self.group, .project(.readBudgets), query: QueryParameter.page, .page(of: BudgetAlert.shape)
            ) { try await budgets.alerts(of: $0.requireOrganization(), project: $0.requireProject(), $0.page()) },
            .get(
                "/projects/{project}/budget-alerts/events", "Tells of each threshold as it is reached.",
                in: Self.group, .project(.readBudgets), query: [Self.position], .raw(.ok, "text/event-stream")
            ) { try .events(budgets.events, BudgetNotices.stream(of: $0.requireProject()), $0) },
        ]
    }

    private var ofOrganization: [EdisonWeb.Endpoint] {
        [
            .get(
                "/organizations/{organization}/budgets",
                "Lists the budgets of an organization and of its projects, members and credentials.", in: Self.group,
                .organization(.readAllBudgets), query: QueryParameter.page, .page(of: TenantBudget.shape)
            ) { try await budgets.list(of: $0.requireOrganization(), project: nil, $0.page()) },
            .json(
                .post, "/organizations/{organization}/budgets",
                "Sets a limit on what an organization or one of its members spends.", in: Self.group,
                .organization(.writeBudgets), takes: NewOrganizationBudget.self,
                .tagged(TenantBudget.shape, \.tag, .created)
            ) { request, body in
                let owner = BudgetOwner(
                    organization: try request.requireOrganization(), user: body.user.map { UserID($0) })
                return try await budgets.create(body.wish, body.period, of: owner, by: request.actor)
            },
            .get(
                "/organizations/{organization}/budget-alerts",
                "Lists the thresholds that these budgets reached, newest first.", in: Self.group,
                .organization(.readAllBudgets), query: QueryParameter.page, .page(of: BudgetAlert.shape)
            ) { try await budgets.alerts(of: $0.requireOrganization(), project: nil, $0.page()) },
            .get(
                "/organizations/{organization}/budget-alerts/events", "Tells of each threshold as it is reached.",
                in: Self.group, .organization(.readAllBudgets), query: [Self.position], .raw(.ok, "text/event-stream")
            ) { try .events(budgets.events, BudgetNotices.stream(of: $0.requireOrganization()), $0) },
        ]
    }

    private var single: [EdisonWeb.Endpoint] {
        [
            .get(
                "/budgets/{id}", "Shows a budget, with what is spent of it and reserved in it now.", in: Self.group,
                .entity(.readBudgets, Self.owner), .tagged(TenantBudget.shape, \.tag)
            ) { request in
                let budget = try await budgets.budget(try request.id())
                // What others spend in all of the organization is not for every member.
                let isAdministrator = try request.requirePlace().role >= Permission.readAllBudgets.role
                let isOwn = budget.owner.user != nil && budget.owner.user == request.principal.user
                guard budget.owner.project != nil || isOwn || isAdministrator
                else {
                    throw EdisonError(
                        .forbidden, "You may not see what others spend in all of the organization.",
                        detail: "It needs the permission \(Permission.readAllBudgets), which the role admin has.")
                }
                return budget
            },
            .get(
                "/me/budgets", "Lists the limits on what the caller spends.", in: Self.group, .person,
                .list(of: TenantBudget.shape)
            ) { try await budgets.list(of: $0.requireUser()) },
            .json(
                .patch, "/budgets/{id}", "Changes a limit; it holds from the next call on.", in: Self.group,
                .entity(.writeBudgets, Self.owner), takes: ChangeBudget.self, .tagged(TenantBudget.shape, \.tag)
            ) { request, body in
                try await budgets.change(
                    try request.id(), body.wish, seen: request.seen(TenantBudget.shape, \.tag, by: \.stateTag),
                    by: request.actor)
            },
            .action(
                .delete, "/budgets/{id}", "Takes a limit away.", in: Self.group,
                .entity(.writeBudgets, Self.owner), .nothing
            ) { try await budgets.delete(try $0.id(), by: $0.actor) },
        ]
    }
}
