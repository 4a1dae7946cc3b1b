/// Something that happened in a project or an organization and that people want to hear of elsewhere.
package struct Notification: Sendable {
    package let kind: NotificationKind
    package let organization: OrganizationID
    /// nil: it concerns the organization as a whole.
    package let project: ProjectID?
    package let at: Timestamp
    /// A few words: "80 % of a budget is used".
    package let title: String
    /// One sentence that needs no title.
    package let sentence: String
    /// Short figures beside the sentence, in their order.
    package let facts: [(name: String, value: String)]
    /// For programs, in the shape that the API has for it.
    package let data: JSONValue

    package init(
        _ kind: NotificationKind, of organization: OrganizationID, project: ProjectID? = nil, at: Timestamp,
        title: String, sentence: String, facts: [(name: String, value: String)], data: JSONValue
    ) {
        self.kind = kind
        self.organization = organization
        self.project = project
        self.at = at
        self.title = title
        self.sentence = sentence
        self.facts = facts
        self.data = data
    }
}

/// What people can be told of; who receives notifications chooses among these names.
package enum NotificationKind: String, Sendable, CaseIterable {
    case budgetThresholdReached = "budget.threshold_reached"
}
