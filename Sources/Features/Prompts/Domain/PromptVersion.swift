package import EdisonCore

/// A prompt: a name for a line of versions.
package struct Prompt: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<Prompt>

    package let id: ID
    package let name: String

    package init(id: ID, name: String) {
        self.id = id
        self.name = name
    }
}

/// An immutable state of a prompt. Versions form a graph by `parentID`, so that branches need no new table.
package struct PromptVersion: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<PromptVersion>

    package let id: ID
    package let promptID: Prompt.ID
    /// Counts within the prompt, from 1.
    package let number: Int
    package let parentID: ID?
    package let content: PromptContent
    package let message: String
    package let createdAt: Timestamp

    package init(
        id: ID, promptID: Prompt.ID, number: Int, parentID: ID?, content: PromptContent, message: String,
        createdAt: Timestamp
    ) {
        self.id = id
        self.promptID = promptID
        self.number = number
        self.parentID = parentID
        self.content = content
        self.message = message
        self.createdAt = createdAt
    }

    package var versionHash: ContentHash { content.versionHash }
}
