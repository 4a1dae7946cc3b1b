import EdisonCore
import EdisonLLM

extension Notification {
    /// A threshold that was reached, in words for people who are not looking at Edison.
    ///
    /// - Parameters:
    ///   - place: the name of the project or the organization.
    ///   - data: the same for programs.
    init(_ crossing: BudgetCrossing, name: String, place: String, of owner: BudgetOwner, _ data: JSONValue) {
        let budget = crossing.budget
        let share = "\(Self.percent(crossing.threshold)) %"
        let isUsedUp = crossing.threshold >= BudgetAlarm.whole
        let called = name.isEmpty ? "" : " (\(name))"
        let state = isUsedUp ? "is used up" : "has reached \(share)"
        self.init(
            .budgetThresholdReached, of: owner.organization, project: owner.project, at: crossing.at,
            title: isUsedUp ? "A budget is used up" : "\(share) of a budget is used",
            sentence: """
                \(budget.raisedWords)\(called) \(state) in \(place): \(budget.used.shortText) is used.\
                \(isUsedUp ? " Runs that it pays for stop until it is raised or renewed." : "")
                """,
            facts: [
                (owner.project == nil ? "Organization" : "Project", place), ("Limit", budget.limit.shortText),
                ("Used", budget.used.shortText), ("Period", budget.period.words),
            ], data: data)
    }

    private static func percent(_ thousandths: Int) -> String {
        thousandths.isMultiple(of: 10) ? "\(thousandths / 10)" : "\(Double(thousandths) / 10)"
    }
}
