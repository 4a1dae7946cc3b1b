package import EdisonCore

/// A prompt that people keep in the library of a project, with its newest and its published version.
package struct LibraryPrompt: Hashable, Sendable {
    package let id: Prompt.ID
    package let project: ProjectID
    package var name: String
    package var description: String
    /// What new tests and applications without a tag take.
    package let published: PromptVersion.ID?
    package let versions: Int
    package let tags: [String: PromptVersion.ID]
    package let isArchived: Bool
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    /// Changes with every change of the prompt.
    package var tag: String { String(ContentHash(of: "\(id) \(updatedAt.microseconds) \(versions)").text.prefix(16)) }
}

extension Permission {
    package static let readPrompts = Permission("prompts:read", from: .viewer)
    package static let writePrompts = Permission("prompts:write", from: .editor)
    package static let publishPrompts = Permission("prompts:publish", from: .editor)
}
