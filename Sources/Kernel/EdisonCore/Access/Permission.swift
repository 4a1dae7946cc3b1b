/// One thing that may be allowed, by the name that API keys carry as a scope; each feature adds its own:
/// `extension Permission { static let writePrompts = Permission("prompts:write", from: .editor) }`.
package struct Permission: Hashable, Sendable, CustomStringConvertible {
    package let name: String
    /// The least role that has it.
    package let role: Role

    package init(_ name: String, from role: Role) {
        self.name = name
        self.role = role
    }

    package var description: String { name }
}
