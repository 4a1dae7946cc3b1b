package import EdisonCore

/// An address outside that is told of what happens in an organization or in one of its projects.
package struct Webhook: Sendable {
    package let id: ID<Webhook>
    package let organization: OrganizationID
    /// nil: whatever happens in the organization.
    package let project: ProjectID?
    package let kind: WebhookKind
    package var name: String
    /// What may be shown of the address: `https://hooks.slack.com/…3f9a`.
    package var shownURL: String
    package var sealed: SealedWebhook
    package var events: [NotificationKind]
    package var isActive: Bool
    /// Why it was switched off, when that was not a person's doing.
    package var fault: String?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    /// What its secrets are sealed for.
    static func row(_ id: ID<Webhook>, _ part: String) -> String { "webhook/\(id)/\(part)" }
}

/// How a message is written.
package enum WebhookKind: String, Sendable, CaseIterable {
    /// As standardwebhooks.com says, signed.
    case webhook
    /// An incoming webhook of Slack, or of a program that understands the same.
    case slack
}

/// The secrets of a webhook as they are stored. The address itself is one: whoever knows it can write to a channel.
package struct SealedWebhook: Sendable {
    package var url: String
    /// What messages are signed with; nil: the kind has no signatures.
    package var secret: String?
    /// The one before, with which they are signed too until `previousUntil`.
    package var previousSecret: String?
    package var previousUntil: Timestamp?
}
